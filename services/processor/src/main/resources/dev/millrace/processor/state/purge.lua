-- Removes buckets that no window needs any more, a bounded number at a time.
-- KEYS: 1 changes, 2 expiries
-- ARGV: 1 remove what expires until then (seconds since 1970, or '+inf'), 2 how many keys at most
-- Returns how many keys were removed; 0 when nothing is left to remove.
local removed = 0
local limit = tonumber(ARGV[2])
for _, member in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', ARGV[1], 'LIMIT', 0, limit)) do
  local key = string.sub(member, 2)
  local emptied = true
  if string.sub(member, 1, 1) == 'g' then
    local metric, stamp = string.match(key, '^([^:]*):(.*)$')
    local groups = redis.call('ZRANGE', key, 0, limit - 1)
    for _, group in ipairs(groups) do
      redis.call('UNLINK', metric .. ':' .. group .. ':' .. stamp)
      redis.call('ZREM', key, group)
    end
    removed = removed + #groups
    emptied = redis.call('EXISTS', key) == 0
  end
  if emptied then
    redis.call('UNLINK', key)
    redis.call('ZREM', KEYS[1], key, (string.gsub(key, ':packed$', '')))
    redis.call('ZREM', KEYS[2], member)
  end
  removed = removed + 1
  if removed >= limit then
    break
  end
end
return removed

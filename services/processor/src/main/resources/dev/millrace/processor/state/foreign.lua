-- Whether the database that is selected holds keys that are not the pipeline's: those would move with it.
local function foreign()
  local own = 0
  for _, key in ipairs(KEYS) do
    own = own + redis.call('EXISTS', key)
  end
  for _, member in ipairs(redis.call('ZRANGE', KEYS[6], 0, -1)) do
    local key = string.sub(member, 2)
    own = own + redis.call('EXISTS', key)
    if string.sub(member, 1, 1) == 'g' then
      own = own + redis.call('ZCARD', key)
    end
  end
  return redis.call('DBSIZE') > own
end

-- Puts the same entries, each once, in the place of those that stand at the beginning of a bucket's packed part; or does nothing
-- to it where that is not as it was read.
-- KEYS: 1 meta, 2 packed part of a bucket, 3 what comes in its place, 4 expiries
-- ARGV: 1 fingerprint, 2 era, 3 head that was read, 4 length that was read, 5 what that ended with, 6 length of what comes in its place
-- Returns how long it is now; 0 where it was not as it was read.
local meta = redis.call('HMGET', KEYS[1], 'fingerprint', 'era')
local length = tonumber(ARGV[4])
local made = redis.call('STRLEN', KEYS[3])
if meta[1] ~= ARGV[1] or meta[2] ~= ARGV[2] or made ~= tonumber(ARGV[6])
    or redis.call('GETRANGE', KEYS[2], 0, #ARGV[3] - 1) ~= ARGV[3]
    or redis.call('GETRANGE', KEYS[2], length - #ARGV[5], length - 1) ~= ARGV[5] then
  redis.call('UNLINK', KEYS[3])
  redis.call('ZREM', KEYS[4], 'b' .. KEYS[3])
  return 0
end
redis.call('SETRANGE', KEYS[3], 0, string.format('%016d', redis.call('HINCRBY', KEYS[1], 'packings', 1)))
redis.call('APPEND', KEYS[3], redis.call('GETRANGE', KEYS[2], length, -1))
local left = redis.call('PTTL', KEYS[2])
if left > 0 then
  redis.call('PEXPIRE', KEYS[3], left)
else
  redis.call('PERSIST', KEYS[3])
end
-- In one write, so that a file that a crash cuts has all of it or nothing.
redis.call('RENAME', KEYS[3], KEYS[2])
redis.call('ZREM', KEYS[4], 'b' .. KEYS[3])
return redis.call('STRLEN', KEYS[2])

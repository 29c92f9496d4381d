-- Puts the same entries, each once, in the place of those that stand at the beginning of a bucket's packed part; or does nothing
-- where that is not as it was read.
-- KEYS: 1 meta, 2 packed part of a bucket
-- ARGV: 1 fingerprint, 2 era, 3 head that was read, 4 length that was read, 5 what that ended with, 6 entries instead
-- Returns how long it is now; 0 where it was not as it was read.
local meta = redis.call('HMGET', KEYS[1], 'fingerprint', 'era')
local length = tonumber(ARGV[4])
if meta[1] ~= ARGV[1] or meta[2] ~= ARGV[2]
    or redis.call('GETRANGE', KEYS[2], 0, #ARGV[3] - 1) ~= ARGV[3]
    or redis.call('GETRANGE', KEYS[2], length - #ARGV[5], length - 1) ~= ARGV[5] then
  return 0
end
local head = string.format('%016d', redis.call('HINCRBY', KEYS[1], 'packings', 1))
local packed = head .. ARGV[6] .. redis.call('GETRANGE', KEYS[2], length, -1)
-- In one write, so that a file that a crash cuts has all of it or nothing.
redis.call('SET', KEYS[2], packed, 'KEEPTTL')
return #packed

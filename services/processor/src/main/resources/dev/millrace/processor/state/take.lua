-- Takes partitions over: whoever flushed them before is refused from now on. Readers look at everything anew.
-- KEYS: 1 meta, 2 owners, 3 positions
-- ARGV: 1 fingerprint, 2 a text that no era had before, then the partitions
-- Returns 'ok', then owner and position of each; or 'fingerprint' and what it is; or 'torn' where
-- a part of a flush is missing, and everything is to be begun anew.
local fingerprint = redis.call('HGET', KEYS[1], 'fingerprint')
if fingerprint ~= ARGV[1] then
  return {'fingerprint', fingerprint or ''}
end
local complete = redis.call('HGET', KEYS[1], 'complete')
if complete and complete ~= (redis.call('HGET', KEYS[1], 'sequence') or '0') then
  return {'torn', ''}
end
redis.call('HSET', KEYS[1], 'era', ARGV[2])
local reply = {'ok'}
for i = 3, #ARGV do
  reply[#reply + 1] = tostring(redis.call('HINCRBY', KEYS[2], ARGV[i], 1))
  reply[#reply + 1] = redis.call('HGET', KEYS[3], ARGV[i]) or ''
end
return reply

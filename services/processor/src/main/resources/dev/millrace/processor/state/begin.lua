-- Makes the state that of a plan: the first time, or when what is counted has changed, or when a part of a flush is missing. Then positions and totals are forgotten, and
-- the state stays closed ('emptying:' and the fingerprint) until purge.lua has removed every bucket of the former plan.
-- KEYS: 1 meta, 2 owners, 3 positions, 4 totals, 5 changes, 6 expiries, 7 dead letters, 8 losses
-- ARGV: 1 fingerprint, 2 a text that no era had before
-- Returns 'same', 'new' or 'emptying'; or 'torn' in place of 'emptying' where a part of a flush is missing.
local fingerprint = redis.call('HGET', KEYS[1], 'fingerprint')
local emptying = fingerprint and string.sub(fingerprint, 1, 8) == 'emptying'
local sequence = redis.call('HGET', KEYS[1], 'sequence') or '0'
local complete = redis.call('HGET', KEYS[1], 'complete')
local torn = complete and complete ~= sequence
if fingerprint == ARGV[1] and not torn then
  return 'same'
end
if (not fingerprint or emptying) and redis.call('EXISTS', KEYS[6]) == 0 then
  redis.call('DEL', KEYS[3], KEYS[4], KEYS[5], KEYS[7], KEYS[8])
  redis.call('HSET', KEYS[1], 'fingerprint', ARGV[1], 'era', ARGV[2], 'complete', sequence)
  return 'new'
end
redis.call('DEL', KEYS[3], KEYS[4], KEYS[5], KEYS[7], KEYS[8])
redis.call('HSET', KEYS[1], 'fingerprint', 'emptying:' .. ARGV[1], 'era', ARGV[2])
return torn and not emptying and 'torn' or 'emptying'

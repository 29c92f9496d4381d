-- Makes the state that of a plan: the first time, or when what is counted has changed. Then positions and totals are forgotten, and
-- the state stays closed ('emptying') until purge.lua has removed every bucket of the former plan.
-- KEYS: 1 meta, 2 owners, 3 positions, 4 totals, 5 changes, 6 expiries, 7 dead letters, 8 losses
-- ARGV: 1 fingerprint, 2 a text that no era had before
-- Returns 'same', 'new' or 'emptying'.
local fingerprint = redis.call('HGET', KEYS[1], 'fingerprint')
if fingerprint == ARGV[1] then
  return 'same'
end
if (not fingerprint or fingerprint == 'emptying') and redis.call('EXISTS', KEYS[6]) == 0 then
  redis.call('DEL', KEYS[3], KEYS[4], KEYS[5], KEYS[7], KEYS[8])
  redis.call('HSET', KEYS[1], 'fingerprint', ARGV[1], 'era', ARGV[2])
  return 'new'
end
redis.call('DEL', KEYS[3], KEYS[4], KEYS[5], KEYS[7], KEYS[8])
redis.call('HSET', KEYS[1], 'fingerprint', 'emptying', 'era', ARGV[2])
return 'emptying'

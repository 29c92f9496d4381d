-- Makes what was counted beside another plan's numbers the live state, all of it at once. What was live
-- is beside then, closed, and to be removed.
-- KEYS: 1 meta, 2 owners, 3 positions, 4 totals, 5 changes, 6 expiries, 7 dead letters, 8 losses
-- ARGV: 1 fingerprint, 2 number of the live database, 3 of the one beside, 4 a text that no era had before
-- Returns 'ok'; 'same' where it is live already; 'gone' where there is nothing whole of the plan beside; or 'foreign'.
redis.call('SELECT', ARGV[3])
local complete = redis.call('HGET', KEYS[1], 'complete')
local whole = redis.call('HGET', KEYS[1], 'fingerprint') == ARGV[1]
  and complete and complete == (redis.call('HGET', KEYS[1], 'sequence') or '0')
local strange = foreign()
redis.call('SELECT', ARGV[2])
if redis.call('HGET', KEYS[1], 'fingerprint') == ARGV[1] then
  return 'same'
end
if not whole then
  return 'gone'
end
if strange or foreign() then
  return 'foreign'
end
redis.call('SWAPDB', ARGV[2], ARGV[3])
redis.call('SELECT', ARGV[3])
redis.call('HSET', KEYS[1], 'fingerprint', 'emptying:')
redis.call('SELECT', ARGV[2])
redis.call('HSET', KEYS[1], 'era', ARGV[4])
return 'ok'

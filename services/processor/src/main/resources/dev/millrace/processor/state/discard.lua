-- Removes what a plan has left, as far as purge.lua has removed its buckets.
-- KEYS: 1 meta, 2 owners, 3 positions, 4 totals, 5 changes, 6 expiries, 7 dead letters, 8 losses
-- ARGV: 1 fingerprint of the plan
-- Returns 'gone'; 'emptying' where buckets are to be purged first; or 'others' where another plan counts here.
local fingerprint = redis.call('HGET', KEYS[1], 'fingerprint')
if not fingerprint then
  return 'gone'
end
if fingerprint == ARGV[1] then
  fingerprint = 'emptying:'
  redis.call('HSET', KEYS[1], 'fingerprint', fingerprint)
end
if string.sub(fingerprint, 1, 8) ~= 'emptying' then
  return 'others'
end
if redis.call('EXISTS', KEYS[6]) == 1 then
  return 'emptying'
end
redis.call('UNLINK', unpack(KEYS))
return 'gone'

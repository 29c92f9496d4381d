-- What a database holds, before anything is done to it.
-- KEYS: 1 meta, 2 owners, 3 positions, 4 totals, 5 changes, 6 expiries, 7 dead letters, 8 losses
-- Returns the fingerprint, how many partitions have positions, and '1' where there are keys that are not the pipeline's.
return {
  redis.call('HGET', KEYS[1], 'fingerprint') or '',
  tostring(redis.call('HLEN', KEYS[3])),
  foreign() and '1' or '0'
}

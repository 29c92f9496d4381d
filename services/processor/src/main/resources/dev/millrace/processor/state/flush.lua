-- Adds what the events of one partition amount to, and moves the partition's position, or does nothing at all.
-- KEYS: 1 meta, 2 owners, 3 positions, 4 totals, 5 changes, 6 expiries, 7 dead letters, 8 losses
-- ARGV: 1 fingerprint, 2 partition, 3 owner, 4 position expected, 5 new position, 6 events lost, 7 whether keys expire by the
--       time of day ('1'), 8 dead letters kept, then totals (number, then name and amount each), dead letters (number, then
--       each, oldest first), and cells (number, then each as written by CellArguments)
-- Returns 'ok', how many writes failed, and each bucket with a packed part that grew, with the length of that part; or what did not fit and what it is.
local fingerprint = redis.call('HGET', KEYS[1], 'fingerprint')
if fingerprint ~= ARGV[1] then
  return {'fingerprint', fingerprint or ''}
end
-- The first write of a flush counts it as begun, the last one as complete. They differ for ever when Redis, after a crash that
-- cut its file within a flush, has come to execute the part that was left of it.
local complete = redis.call('HGET', KEYS[1], 'complete')
if complete and complete ~= (redis.call('HGET', KEYS[1], 'sequence') or '0') then
  return {'torn', complete}
end
local owner = redis.call('HGET', KEYS[2], ARGV[2])
if owner ~= ARGV[3] then
  return {'owner', owner or ''}
end
local position = redis.call('HGET', KEYS[3], ARGV[2]) or ''
if position ~= ARGV[4] then
  return {'position', position}
end

local failed = 0
local function write(...)
  local reply = redis.pcall(...)
  if type(reply) == 'table' and reply.err then
    failed = failed + 1
    return 0
  end
  return reply
end

local sequence = redis.call('HINCRBY', KEYS[1], 'sequence', 1)
redis.call('HSET', KEYS[3], ARGV[2], ARGV[5])
if ARGV[6] ~= '0' then
  write('HINCRBY', KEYS[8], ARGV[2], ARGV[6])
end
local expires = ARGV[7] == '1'
local packed = {}

local at = 9
local function next()
  local value = ARGV[at]
  at = at + 1
  return value
end

for _ = 1, tonumber(next()) do
  local name = next()
  write('HINCRBY', KEYS[4], name, next())
end

local letters = tonumber(next())
for _ = 1, letters do
  write('LPUSH', KEYS[7], next())
end
if letters > 0 then
  write('LTRIM', KEYS[7], 0, tonumber(ARGV[8]) - 1)
end

-- Adds the next values to a set or a HyperLogLog; says how many commands or values made a difference.
local function add_all(command, key, count)
  local added = 0
  while count > 0 do
    local n = math.min(count, 500)
    added = added + write(command, key, unpack(ARGV, at, at + n - 1))
    at = at + n
    count = count - n
  end
  return added
end

-- Whether an integer is below another: as texts, for Lua's own numbers are exact to 53 bits only.
local function below(a, b)
  local negative = string.sub(a, 1, 1) == '-'
  if negative ~= (string.sub(b, 1, 1) == '-') then
    return negative
  end
  if a == b then
    return false
  end
  local smaller
  if #a == #b then
    smaller = a < b
  else
    smaller = #a < #b
  end
  return smaller ~= negative
end

-- Whether a number is better than the one that is there (false for none).
local function improves(number, known, greatest)
  if known == false then
    return true
  end
  if type(known) ~= 'string' then
    return false
  end
  if greatest then
    return below(known, number)
  end
  return below(number, known)
end

local function improve(key, field, number, greatest)
  if improves(number, write('HGET', key, field), greatest) then
    write('HSET', key, field, number)
  end
end

-- The group that takes what belongs to groups for which there is no room: GroupKey.OTHER.
local OTHER = '\25'

-- Says for the groups of a flush, one by one, where they go: to themselves, or to the others' once a bucket is full.
-- key: the bucket; prefix, suffix: what a group's field is made of; fields: how many fields a group has at least;
-- most: how many groups are kept; count: how many come
local function placing(key, prefix, suffix, fields, most, count)
  if count == 0 then
    -- Not even the type of the bucket is known then.
    return nil
  end
  local room = most - math.floor(write('HLEN', key) / fields)
  if room >= count then
    return function(group) return group end
  end
  if write('HEXISTS', key, prefix .. suffix .. OTHER) == 1 then
    room = room + 1
  end
  return function(group)
    if write('HEXISTS', key, prefix .. group) == 1 then
      return group
    end
    if room > 0 then
      room = room - 1
      return group
    end
    return suffix .. OTHER
  end
end

-- Keeps the highest of a sorted set; what the others have is added up.
local function keep_highest(key, most)
  local other = write('ZSCORE', key, OTHER)
  if type(other) ~= 'string' then
    other = nil
  end
  local over = write('ZCARD', key) - most - (other and 1 or 0)
  if over <= 0 then
    return
  end
  write('ZREM', key, OTHER)
  local sum = tonumber(other or '0')
  local dropped = redis.call('ZPOPMIN', key, over)
  for i = 2, #dropped, 2 do
    sum = sum + tonumber(dropped[i])
  end
  write('ZADD', key, string.format('%.0f', sum), OTHER)
end

-- Of two events of one time the one of the higher partition is newer; flushes of a partition come in its order.
local partition = tonumber(string.match(ARGV[2], '%d+$'))

local function put_row(key, times, changes)
  local name = next()
  local time = next()
  local row = next()
  local known = write('HGET', key, name)
  if type(known) == 'string' then
    local known_time, known_partition = string.match(known, '^(%d+):(%d+):')
    known_time = tonumber(known_time)
    if known_time and (known_time > tonumber(time)
        or (known_time == tonumber(time) and tonumber(known_partition) > partition)) then
      return
    end
  end
  write('HSET', key, name, time .. ':' .. partition .. ':' .. row)
  write('ZADD', times, time, name)
  write('ZADD', changes, sequence, name)
end

-- Drops the rows of the oldest events, so that a limit is kept.
local function drop_rows(key, times, changes, dropped, limit)
  local over = write('ZCARD', times) - limit
  while over > 0 do
    local names = redis.call('ZRANGE', times, 0, math.min(over, 500) - 1)
    write('HDEL', key, unpack(names))
    write('ZREM', times, unpack(names))
    write('ZREM', changes, unpack(names))
    write('INCRBY', dropped, #names)
    over = over - #names
  end
end

for _ = 1, tonumber(next()) do
  local kind = next()
  local key = next()
  local expiry = next()
  local count = tonumber(next())
  local holder = kind == 'p' and key .. ':packed' or key
  -- First, so that whatever is written of a flush can be removed again.
  write('ZADD', KEYS[6], expiry == '0' and '+inf' or expiry, ((kind == 'g' or kind == 'ge') and 'g' or 'b') .. holder)
  if kind == 'p' then
    if write('STRLEN', holder) == 0 then
      write('APPEND', holder, string.format('%016d', redis.call('HINCRBY', KEYS[1], 'packings', 1)))
    end
    -- In one write, so that no part of it is there without the rest.
    local length = write('APPEND', holder, table.concat(ARGV, '', at, at + count - 1))
    at = at + count
    packed[#packed + 1] = key
    packed[#packed + 1] = tostring(length)
  elseif kind == 'n' then
    for _ = 1, count do
      write('INCRBY', key, next())
    end
  elseif kind == 'z' then
    local most = tonumber(next())
    for _ = 1, count do
      local member = next()
      write('ZINCRBY', key, next(), member)
    end
    keep_highest(key, most)
  elseif kind == 'h' then
    local place = placing(key, '', '', 1, tonumber(next()), count)
    for _ = 1, count do
      local group = place(next())
      write('HINCRBY', key, group, next())
    end
  elseif kind == 'a' then
    local place = placing(key, 'count', ':', 2, tonumber(next()), count)
    for _ = 1, count do
      local suffix = place(next())
      write('HINCRBY', key, 'sum' .. suffix, next())
      write('HINCRBY', key, 'count' .. suffix, next())
    end
  elseif kind == 'min' or kind == 'max' then
    local number = next()
    if improves(number, write('GET', key), kind == 'max') then
      write('SET', key, number)
    end
  elseif kind == 'hmin' or kind == 'hmax' then
    local place = placing(key, '', '', 1, tonumber(next()), count)
    for _ = 1, count do
      local group = place(next())
      improve(key, group, next(), kind == 'hmax')
    end
  elseif kind == 'd' then
    -- Sum, least, greatest and some buckets of numbers: more where numbers differ much, and then fewer groups are kept.
    local place = placing(key, 'min', ':', 8, tonumber(next()), count)
    for _ = 1, count do
      local suffix = place(next())
      improve(key, 'min' .. suffix, next(), false)
      improve(key, 'max' .. suffix, next(), true)
      for _ = 1, tonumber(next()) do
        local field = next()
        write('HINCRBY', key, field .. suffix, next())
      end
    end
  elseif kind == 'r' then
    local times = next()
    local changes = next()
    local dropped = next()
    local limit = tonumber(next())
    for _ = 1, count do
      put_row(key, times, changes)
    end
    drop_rows(key, times, changes, dropped, limit)
    for _, other in ipairs({times, changes, dropped}) do
      write('ZADD', KEYS[6], '+inf', 'b' .. other)
    end
  elseif kind == 's' then
    add_all('SADD', key, count)
  elseif kind == 'e' then
    add_all('PFADD', key, count)
  elseif kind == 'g' or kind == 'ge' then
    local room = tonumber(next()) - write('ZCARD', key)
    local full = room < count
    if full and write('ZSCORE', key, OTHER) then
      room = room + 1
    end
    for _ = 1, count do
      local group = next()
      local set = next()
      if full and type(write('ZSCORE', key, group)) ~= 'string' then
        if room > 0 then
          room = room - 1
        else
          group = OTHER
          local metric, stamp = string.match(key, '^([^:]*):(.*)$')
          set = metric .. ':' .. OTHER .. ':' .. stamp
        end
      end
      local is_new = redis.call('EXISTS', set) == 0
      local added = add_all(kind == 'g' and 'SADD' or 'PFADD', set, tonumber(next()))
      if added > 0 then
        -- Readers read those again of which this has changed.
        write('ZADD', key, kind == 'g' and redis.call('SCARD', set) or sequence, group)
        if is_new and expires and expiry ~= '0' then
          write('EXPIREAT', set, expiry)
        end
      end
    end
  end
  write('ZADD', KEYS[5], sequence, key)
  if expires and expiry ~= '0' then
    write('EXPIREAT', holder, expiry)
  end
end
if complete then
  redis.call('HINCRBY', KEYS[1], 'complete', 1)
else
  redis.call('HSET', KEYS[1], 'complete', sequence)
end
return {'ok', tostring(failed), unpack(packed)}

-- Counts a sender's visits exactly once, however often they are sent: the sender sends its cumulative count, its record
-- holds the count that was reached before, and the difference is added.
--
-- KEYS  1 value            a plain integer, which other programs may INCR
--       2 generation       hash: generation, top (the highest value that was reached in it)
--       3 sender's record  "cumulative total generation", expiring
--       4 hours            hash: hours since 1970 UTC to visits
-- ARGV  1 cumulative count of the sender, 2 its count that was acknowledged before
--       3 generation and 4 value that the sender saw last
--       5 ms to keep the record, 6 hours to keep
-- Returns {outcome, cumulative, total, generation, expected, found}; found is -1 unless the value went backwards.
-- An error of this script begins with NOTCOUNTED, or with MAYBECOUNTED if its writes could not be undone: Redis keeps what
-- a script wrote before it failed, for example because the user lacks the right to one of the commands.

local function refused(reply)
    return redis.error_reply('NOTCOUNTED ' .. reply.err)
end

-- Digits as this library writes them; tonumber would also take "nan", "inf" and "0x10".
local function digits(text)
    return #text <= 15 and string.match(text, '^%d+$') and tonumber(text)
end

local COUNTED, DUPLICATE, FORGOTTEN, STALE, NO_COUNT, NO_STATE, NO_ROOM, NO_HOUR = 0, 1, 2, 3, 4, 5, 6, 7
local MAX_VALUE = 999999999999999

local cumulative, previous = tonumber(ARGV[1]), tonumber(ARGV[2])
local have = 0
local lost = false

local record = redis.pcall('GET', KEYS[3])
if type(record) == 'table' then
    return refused(record)
end
if record then
    local counted, total, generation = string.match(record, '^(%d+) (%d+) (%d+)$')
    if not counted then
        return {NO_STATE, cumulative, 0, 0, 0, -1}
    end
    have = tonumber(counted)
    if have == cumulative then
        -- Write again, so that a WAIT on this connection has a write to wait for.
        local again = redis.pcall('SET', KEYS[3], record, 'PX', ARGV[5])
        if again.err then
            return refused(again)
        end
        return {DUPLICATE, cumulative, tonumber(total), tonumber(generation), 0, -1}
    end
    if have > cumulative then
        return {STALE, cumulative, 0, 0, 0, -1}
    end
    -- A stale replica or a backup: the visits of this sender that it lost are counted again, in a new generation.
    lost = have < previous
elseif previous > 0 then
    return {FORGOTTEN, cumulative, 0, 0, 0, -1}
end

-- In INCRBY's syntax: without a sign, a space or a leading zero.
local text = redis.pcall('GET', KEYS[1]) or '0'
if type(text) == 'table' then
    return refused(text)
end
if #text > 15 or not string.match(text, '^[1-9]%d*$') and text ~= '0' then
    return {NO_COUNT, cumulative, 0, 0, 0, -1}
end
local value = tonumber(text)
local visits = cumulative - have
if value + visits > MAX_VALUE then
    return {NO_ROOM, cumulative, 0, 0, 0, -1}
end

local stored = redis.pcall('HMGET', KEYS[2], 'generation', 'top')
if stored.err then
    return refused(stored)
end
local generation, expected = digits(stored[1] or '0'), digits(stored[2] or '0')
if not generation or not expected then
    return {NO_STATE, cumulative, 0, 0, 0, -1}
end
local known_generation, known_value = tonumber(ARGV[3]), tonumber(ARGV[4])
if known_generation > generation then
    expected, lost = known_value, true
elseif known_generation == generation and known_value > expected then
    expected = known_value
end
lost = lost or value < expected
if lost then
    generation = math.max(generation, known_generation) + 1
end

local time = redis.pcall('TIME')
if time.err then
    return refused(time)
end
local hour = math.floor(tonumber(time[1]) / 3600)

-- The writes begin here: each step only if the one before succeeded.
local total = redis.pcall('INCRBY', KEYS[1], visits)
local in_hour = type(total) == 'number' and redis.pcall('HINCRBY', KEYS[4], hour, visits)
local state = type(in_hour) == 'number'
    and (lost and redis.pcall('HSET', KEYS[2], 'generation', generation, 'top', total)
        or redis.pcall('HSET', KEYS[2], 'top', total))
local kept = type(state) == 'number'
    and redis.pcall('SET', KEYS[3], string.format('%s %.0f %.0f', ARGV[1], total, generation), 'PX', ARGV[5])

if not kept or kept.err then
    local failure = (kept or state or in_hour or total).err
    local undone = true
    if type(state) == 'number' then
        undone = type(redis.pcall('HSET', KEYS[2], 'generation', stored[1] or 0, 'top', stored[2] or 0)) == 'number'
    end
    if type(in_hour) == 'number' then
        undone = type(redis.pcall('HINCRBY', KEYS[4], hour, -visits)) == 'number' and undone
    end
    if type(total) == 'number' then
        undone = type(redis.pcall('INCRBY', KEYS[1], -visits)) == 'number' and undone
    end
    if undone and (string.find(failure, 'not an integer', 1, true) or string.find(failure, 'overflow', 1, true)) then
        return {NO_HOUR, cumulative, 0, 0, 0, -1}
    end
    return redis.error_reply((undone and 'NOTCOUNTED ' or 'MAYBECOUNTED ') .. failure)
end

-- Once an hour, old hours are deleted. If that fails, the visit still counts.
if in_hour == visits then
    local hours_kept = tonumber(ARGV[6])
    redis.pcall('HDEL', KEYS[4], hour - hours_kept)
    local hours = redis.pcall('HLEN', KEYS[4])
    if type(hours) == 'number' and hours > hours_kept then
        for _, old in ipairs(redis.pcall('HKEYS', KEYS[4])) do
            if tonumber(old) <= hour - hours_kept then
                redis.pcall('HDEL', KEYS[4], old)
            end
        end
    end
end
return {COUNTED, cumulative, total, generation, expected, lost and value or -1}

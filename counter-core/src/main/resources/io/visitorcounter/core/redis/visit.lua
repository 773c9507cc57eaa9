-- Counts a sender's visits exactly once, however often it is sent: the sender names its cumulative count, its record
-- holds the count that was reached, and the difference is added.
--
-- KEYS  1 value            a plain integer, which other programs may INCR
--       2 generation       hash: generation, top (the highest value that was counted up to in it)
--       3 sender's record  "cumulative total generation", expiring
--       4 hours            hash: hours since 1970 UTC to visits
-- ARGV  1 cumulative count of the sender, 2 its count that was acknowledged before
--       3 generation and 4 value that the sender saw last
--       5 ms to keep the record, 6 hours to keep
-- Returns {outcome, cumulative, total, generation, expected, found}; found is -1 unless the value went backwards.
-- Everything that can fail is read and checked before the first write, so an error means that nothing was written.

local COUNTED, DUPLICATE, FORGOTTEN, STALE, NO_COUNT = 0, 1, 2, 3, 4

local cumulative, previous = tonumber(ARGV[1]), tonumber(ARGV[2])
local have = 0
local lost = false

local record = redis.call('GET', KEYS[3])
if record then
    local counted, total, generation = string.match(record, '^(%d+) (%d+) (%d+)$')
    have = tonumber(counted)
    if have == cumulative then
        -- Written again, so that a WAIT on this connection has a write to wait for.
        redis.call('SET', KEYS[3], record, 'PX', ARGV[5])
        return {DUPLICATE, cumulative, tonumber(total), tonumber(generation), 0, -1}
    end
    if have > cumulative then
        return {STALE, cumulative, 0, 0, 0, -1}
    end
    -- A stale replica or a backup: what it lost of this sender is counted again, under numbers of a new generation.
    lost = have < previous
elseif previous > 0 then
    return {FORGOTTEN, cumulative, 0, 0, 0, -1}
end

local text = redis.call('GET', KEYS[1]) or '0'
if #text > 15 or not string.match(text, '^%d+$') then
    return {NO_COUNT, cumulative, 0, 0, 0, -1}
end
local value = tonumber(text)

local stored = redis.call('HMGET', KEYS[2], 'generation', 'top')
local generation, expected = tonumber(stored[1] or 0), tonumber(stored[2] or 0)
local known_generation, known_value = tonumber(ARGV[3]), tonumber(ARGV[4])
if known_generation > generation then
    expected, lost = known_value, true
elseif known_generation == generation and known_value > expected then
    expected = known_value
end
lost = lost or value < expected

local visits = cumulative - have
local hour = math.floor(tonumber(redis.call('TIME')[1]) / 3600)
if redis.call('HINCRBY', KEYS[4], hour, visits) == visits then
    local kept = tonumber(ARGV[6])
    redis.call('HDEL', KEYS[4], hour - kept)
    if redis.call('HLEN', KEYS[4]) > kept then
        for _, old in ipairs(redis.call('HKEYS', KEYS[4])) do
            if tonumber(old) <= hour - kept then
                redis.call('HDEL', KEYS[4], old)
            end
        end
    end
end

local total = redis.call('INCRBY', KEYS[1], visits)
if lost then
    generation = math.max(generation, known_generation) + 1
    redis.call('HSET', KEYS[2], 'generation', generation, 'top', total)
else
    redis.call('HSET', KEYS[2], 'top', total)
end
redis.call('SET', KEYS[3], string.format('%s %.0f %.0f', ARGV[1], total, generation), 'PX', ARGV[5])
return {COUNTED, cumulative, total, generation, expected, lost and value or -1}

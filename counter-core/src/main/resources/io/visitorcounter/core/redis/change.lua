-- Sets a counter's value in a generation of its own, once: the record of the change holds what it was set to.
--
-- KEYS  1 value, 2 generation, 4 hours, as in visit.lua; 3 the change's record, "1 total generation", expiring
-- ARGV  1 the new value, 2 generation that the sender saw last, 3 ms to keep the record, 4 hours to keep
--       5 whether the hours that follow take the place of those there are: 0 or 1; then hour, visits, hour, visits, ...
-- Returns and errors as visit.lua.

local CHANGED, DUPLICATE, NO_COUNT, NO_STATE = 0, 1, 4, 5

local record = redis.call('GET', KEYS[3])
if record then
    local total, generation = string.match(record, '^1 (%d+) (%d+)$')
    if not total then
        return {NO_STATE, 1, 0, 0, 0, -1}
    end
    redis.call('SET', KEYS[3], record, 'PX', ARGV[3])
    return {DUPLICATE, 1, tonumber(total), tonumber(generation), 0, -1}
end

-- What is no count is another program's: it stays.
local text = redis.call('GET', KEYS[1]) or '0'
if #text > 15 or not string.match(text, '^[1-9]%d*$') and text ~= '0' then
    return {NO_COUNT, 1, 0, 0, 0, -1}
end
local before = tonumber(redis.call('HMGET', KEYS[2], 'generation')[1] or 0)
if not before then
    return {NO_STATE, 1, 0, 0, 0, -1}
end
local generation = string.format('%.0f', math.max(before, tonumber(ARGV[2])) + 1)
local now_hour = math.floor(tonumber(redis.call('TIME')[1]) / 3600)

local old_hours = ARGV[5] == '1' and redis.call('HKEYS', KEYS[4]) or {}

-- From here on it is written. Deleting comes first, as a user who may count can lack the right to it; no step needs a right
-- that counting does not know.
local began = false
local function step(...)
    local reply = redis.pcall(...)
    if type(reply) == 'table' and reply.err then
        return redis.error_reply((began and 'MAYBECOUNTED ' or 'NOTCOUNTED ') .. reply.err)
    end
    began = true
end

local failure
for _, hour in ipairs(old_hours) do
    failure = failure or step('HDEL', KEYS[4], hour)
end
local deleted = began
failure = failure or step('SET', KEYS[1], ARGV[1], 'KEEPTTL')
if not failure then
    failure = step('HSET', KEYS[2], 'generation', generation, 'top', ARGV[1])
    if failure and not deleted and not redis.pcall('SET', KEYS[1], text, 'KEEPTTL').err then
        failure = redis.error_reply('NOTCOUNTED ' .. string.sub(failure.err, 14))
    end
end
for i = 6, #ARGV, 2 do
    if tonumber(ARGV[i]) > now_hour - tonumber(ARGV[4]) then
        failure = failure or step('HSET', KEYS[4], ARGV[i], ARGV[i + 1])
    end
end
failure = failure or step('SET', KEYS[3], '1 ' .. ARGV[1] .. ' ' .. generation, 'PX', ARGV[3])
return failure or {CHANGED, 1, tonumber(ARGV[1]), tonumber(generation), 0, -1}

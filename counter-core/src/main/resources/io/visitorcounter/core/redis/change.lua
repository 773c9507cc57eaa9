-- Sets a counter's value in a new generation, once: the record of the change holds what it was set to.
--
-- KEYS  1 value, 2 generation, 4 hours, as in visit.lua; 3 the change's record, "1 total generation", expiring
-- ARGV  1 the new value, 2 generation that the sender saw last, 3 ms to keep the record, 4 hours to keep
--       5 whether the hours that follow replace the stored ones: 0 or 1; then hour, visits, hour, visits, ...
-- Returns and errors as visit.lua.

local function refused(reply)
    return redis.error_reply('NOTCOUNTED ' .. reply.err)
end

-- Digits as this library writes them; tonumber would also take "nan", "inf" and "0x10".
local function digits(text)
    return #text <= 15 and string.match(text, '^%d+$') and tonumber(text)
end

local CHANGED, DUPLICATE, NO_COUNT, NO_STATE = 0, 1, 4, 5

local record = redis.pcall('GET', KEYS[3])
if type(record) == 'table' then
    return refused(record)
end
if record then
    local total, generation = string.match(record, '^1 (%d+) (%d+)$')
    if not total then
        return {NO_STATE, 1, 0, 0, 0, -1}
    end
    local again = redis.pcall('SET', KEYS[3], record, 'PX', ARGV[3])
    if again.err then
        return refused(again)
    end
    return {DUPLICATE, 1, tonumber(total), tonumber(generation), 0, -1}
end

-- A value that is not a count belongs to another program and stays.
local text = redis.pcall('GET', KEYS[1]) or '0'
if type(text) == 'table' then
    return refused(text)
end
if #text > 15 or not string.match(text, '^[1-9]%d*$') and text ~= '0' then
    return {NO_COUNT, 1, 0, 0, 0, -1}
end
local stored = redis.pcall('HMGET', KEYS[2], 'generation')
if stored.err then
    return refused(stored)
end
local before = digits(stored[1] or '0')
if not before then
    return {NO_STATE, 1, 0, 0, 0, -1}
end
local generation = string.format('%.0f', math.max(before, tonumber(ARGV[2])) + 1)
local time = redis.pcall('TIME')
local old_hours = ARGV[5] == '1' and redis.pcall('HKEYS', KEYS[4]) or {}
if time.err or old_hours.err then
    return refused(time.err and time or old_hours)
end
local now_hour = math.floor(tonumber(time[1]) / 3600)

-- XX sets only an existing key, and this one doesn't exist: this finds out whether the server accepts writes, and whether
-- the user may make them.
local writes = redis.pcall('SET', KEYS[3], '', 'XX', 'PX', 1)
if type(writes) == 'table' and writes.err then
    return refused(writes)
end
if redis.acl_check_cmd and not redis.acl_check_cmd('HSET', KEYS[2], 'top', 1) then
    return redis.error_reply('NOTCOUNTED ERR the user may not run hset')
end

-- The writes begin here. Deleting comes first, since a user who may count can lack the right to delete. No step needs a
-- right that counting does not need.
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

-- Checks whether visit.lua would count a visit, and changes nothing.
--
-- KEYS  1 value, 2 generation, 4 hours, as in visit.lua; 3 a record that no sender has
-- Returns {outcome, denied, housekeeping}: an outcome of visit.lua, and the commands that the user may not run, as bits in
-- the order of the lists below: those that counting needs, and those that only delete old hours. If one of the former is
-- denied, the outcome means nothing. If this script fails, a visit would fail with the same error.

local COUNTED, NO_COUNT, NO_STATE, NO_ROOM, NO_HOUR = 0, 4, 5, 6, 7

-- Digits as this library writes them; tonumber would also take "nan", "inf" and "0x10".
local function digits(text)
    return #text <= 15 and string.match(text, '^%d+$') and tonumber(text)
end

-- Since 7.0 a server can be asked whether the user may run a command.
local function may(...)
    local known, allowed = pcall(redis.acl_check_cmd, ...)
    return known and allowed
end

-- Before 7.0 the command is tried in a way that changes nothing: on a key that does not exist, or with arguments that only
-- the command itself refuses; its error then shows that the user may run it.
local function runs(...)
    local reply = redis.pcall(...)
    return not (type(reply) == 'table' and reply.err)
end

-- XX sets only an existing key, and this one never exists. This finds every reason for which the server refuses writes: no
-- memory, no disk, too few replicas, being a replica.
local written = redis.pcall('SET', KEYS[3], '', 'XX', 'PX', 1)
local refused = type(written) == 'table' and written.err
local can_ask = redis.acl_check_cmd ~= nil
if refused and (not can_ask or may('SET', KEYS[3], '')) then
    -- Before 7.0 the cause may be a missing right.
    return redis.error_reply((can_ask and '' or 'NOTCOUNTED ') .. refused)
end

local counting, housekeeping
if can_ask then
    counting = {
        may('GET', KEYS[1]),
        may('SET', KEYS[3], ''),
        may('INCRBY', KEYS[1], 1),
        may('HMGET', KEYS[2], 'top'),
        may('HINCRBY', KEYS[4], 1, 1),
        may('HSET', KEYS[2], 'top', 1),
        may('TIME'),
    }
    housekeeping = {may('HDEL', KEYS[4], 1), may('HLEN', KEYS[4]), may('HKEYS', KEYS[4])}
else
    local no_number = redis.pcall('SET', KEYS[3], '', 'XX', 'PX', 'x').err
    local unpaired = redis.pcall('HSET', KEYS[3], 'a', 'b', 'c').err
    counting = {
        runs('GET', KEYS[3]),
        true,
        redis.pcall('INCRBY', KEYS[3], 'x').err == no_number,
        runs('HMGET', KEYS[3], 'a'),
        redis.pcall('HINCRBY', KEYS[3], 'a', 'x').err == no_number,
        -- The command's own error contains its name; a refusal for a missing right does not.
        string.find(unpaired, "'hset'", 1, true) ~= nil,
        runs('TIME'),
    }
    housekeeping = {runs('HDEL', KEYS[3], 'a'), runs('HLEN', KEYS[3]), runs('HKEYS', KEYS[3])}
end

local function bits(allowed)
    local denied = 0
    for i, is in ipairs(allowed) do
        if not is then
            denied = denied + 2 ^ (i - 1)
        end
    end
    return denied
end

local denied = bits(counting)
local outcome = COUNTED
if denied == 0 then
    local text = redis.pcall('GET', KEYS[1]) or '0'
    local stored = redis.pcall('HMGET', KEYS[2], 'generation', 'top')
    local in_hour = redis.pcall('HMGET', KEYS[4], string.format('%.0f', math.floor(tonumber(redis.call('TIME')[1]) / 3600)))
    local failure = type(text) == 'table' and text.err or stored.err or in_hour.err
    if failure then
        return redis.error_reply(failure)
    end
    local visits = in_hour[1] or '0'
    if #text > 15 or not string.match(text, '^[1-9]%d*$') and text ~= '0' then
        outcome = NO_COUNT
    elseif not digits(stored[1] or '0') or not digits(stored[2] or '0') then
        outcome = NO_STATE
    elseif text == '999999999999999' then
        outcome = NO_ROOM
    elseif #visits > 18 or not string.match(visits, '^-?[1-9]%d*$') and visits ~= '0' then
        outcome = NO_HOUR
    end
end
return {outcome, denied, bits(housekeeping)}

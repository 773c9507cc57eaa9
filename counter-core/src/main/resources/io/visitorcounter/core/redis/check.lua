-- Checks whether visit.lua would count a visit, and changes nothing.
--
-- KEYS  1 value, 2 generation, 4 hours, as in visit.lua; 3 a record that no sender has
-- Returns {outcome, denied, housekeeping}: an outcome of visit.lua; the commands that the user may not run, each as a bit in
-- the order below, those that counting needs and those that only delete old hours. Servers before 7.0 can't be asked: there
-- only SET is tried. An error is what a visit would meet.

local COUNTED, NO_COUNT, NO_STATE, NO_ROOM = 0, 4, 5, 6

redis.call('GET', KEYS[3])
local text = redis.call('GET', KEYS[1]) or '0'
local stored = redis.call('HMGET', KEYS[2], 'generation', 'top')
redis.call('TIME')
-- XX: only where it exists, which it never does. All that the server refuses writes for is found by it: no memory, no disk,
-- no replicas, being a replica.
redis.call('SET', KEYS[3], '', 'XX', 'PX', 1)

local function denied(commands)
    local bits = 0
    for i, command in ipairs(commands) do
        local known, allowed = pcall(redis.acl_check_cmd, unpack(command))
        if not (known and allowed) then
            bits = bits + 2 ^ (i - 1)
        end
    end
    return bits
end

local counting, housekeeping = 0, 0
if redis.acl_check_cmd then
    counting = denied({
        {'INCRBY', KEYS[1], 1},
        {'HINCRBY', KEYS[4], 1, 1},
        {'HSET', KEYS[2], 'top', 1},
    })
    housekeeping = denied({
        {'HDEL', KEYS[4], 1},
        {'HLEN', KEYS[4]},
        {'HKEYS', KEYS[4]},
    })
end

local outcome = COUNTED
if #text > 15 or not string.match(text, '^[1-9]%d*$') and text ~= '0' then
    outcome = NO_COUNT
elseif not tonumber(stored[1] or 0) or not tonumber(stored[2] or 0) then
    outcome = NO_STATE
elseif text == '999999999999999' then
    outcome = NO_ROOM
end
return {outcome, counting, housekeeping}

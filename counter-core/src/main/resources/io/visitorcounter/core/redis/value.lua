-- Reads a value and its generation in one step, and writes nothing. A value that went backwards belongs to the generation
-- that the next visit begins.
--
-- KEYS  1 value, 2 generation, as in visit.lua
-- ARGV  1 generation and 2 value that the reader saw last
-- Returns {value, generation}; a value of -1 means that the key holds no count, -2 that the generation is unreadable.

-- Digits as this library writes them; tonumber would also take "nan", "inf" and "0x10".
local function digits(text)
    return #text <= 15 and string.match(text, '^%d+$') and tonumber(text)
end

local text = redis.call('GET', KEYS[1]) or '0'
if #text > 15 or not string.match(text, '^[1-9]%d*$') and text ~= '0' then
    return {-1, 0}
end
local value = tonumber(text)

local stored = redis.call('HMGET', KEYS[2], 'generation', 'top')
local generation, expected = digits(stored[1] or '0'), digits(stored[2] or '0')
if not generation or not expected then
    return {-2, 0}
end
local known_generation, known_value = tonumber(ARGV[1]), tonumber(ARGV[2])
if known_generation == generation then
    expected = math.max(expected, known_value)
end
if value < expected or known_generation > generation then
    generation = math.max(generation, known_generation) + 1
end
return {value, generation}

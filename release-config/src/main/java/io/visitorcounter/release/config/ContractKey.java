package io.visitorcounter.release.config;

import java.util.Optional;

/** One key of a contract, as the operators read it.
 *
 *  @param path the key, {@code redis.port}
 *  @param type {@code string}, {@code integer}, {@code boolean} or {@code duration}
 *  @param range what values it may have, {@code 1..65535}; empty: any of its type
 *  @param defaultText the value where none is given, a string without quotes; empty: it has none
 *  @param description what it is for
 *  @param secret whether its value must be a reference to a variable
 *  @param env the variable that the app also takes it from */
public record ContractKey(
        String path,
        String type,
        String range,
        Optional<String> defaultText,
        String description,
        boolean secret,
        Optional<String> env) {}

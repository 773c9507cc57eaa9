package io.visitorcounter.web.config;

import com.typesafe.config.ConfigUtil;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The process' variables. An empty one counts as not set, because compose files pass unset variables as empty. */
record Variables(Map<String, String> environment) {

    private static final int MAX_SECRET_BYTES = 1 << 16;

    /** {@return the variable's text, or null if it is not set} */
    @Nullable String text(String name) {
        String text = environment.getOrDefault(name, "");
        return text.isEmpty() ? null : text;
    }

    /** {@return the value of the key's variable, or null if it is not set}
     *
     *  @throws InvalidConfigException if the file of a secret can't be read */
    @Nullable WrittenValue value(ConfigKey<?> key) throws InvalidConfigException {
        String name = key.variable();
        String text = name == null ? null : key.secret() ? secret(name, key.path()) : text(name);
        return text == null || name == null
                ? null
                : new WrittenValue(text, ConfigUtil.quoteString(text), true, name, 0);
    }

    /** {@return the variable's value, or the content of the file that {@code NAME_FILE} names, as Docker and Kubernetes
     *  mount secrets; null if neither is set}
     *
     *  @param key the key that it is read for
     *  @throws InvalidConfigException if both are set, or the file can't be read */
    @Nullable String secret(String name, String key) throws InvalidConfigException {
        String text = text(name);
        String file = text(name + "_FILE");
        if (file == null) {
            return text;
        }
        if (text != null) {
            throw wrong(name, key, "expected " + name + " or " + name + "_FILE, got both");
        }
        try (InputStream in = Files.newInputStream(Path.of(file))) {
            byte[] bytes = in.readNBytes(MAX_SECRET_BYTES + 1);
            if (bytes.length > MAX_SECRET_BYTES) {
                throw wrong(name, key, file + " is longer than " + MAX_SECRET_BYTES + " bytes");
            }
            // A final line break comes from the editor and is not part of the secret.
            String secret = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString()
                    .replaceFirst("\r?\n$", "");
            if (secret.isEmpty()) {
                throw wrong(name, key, file + " is empty");
            }
            return secret;
        } catch (IOException | IllegalArgumentException e) {
            throw wrong(name, key, "can't read " + file + ": " + reason(e));
        }
    }

    private static String reason(Exception e) {
        return e instanceof java.nio.file.NoSuchFileException
                ? "it does not exist"
                : e instanceof java.nio.file.AccessDeniedException
                        ? "this process may not read it"
                        : e instanceof java.nio.charset.CharacterCodingException
                                ? "it is not UTF-8"
                                : String.valueOf(e.getMessage());
    }

    private static InvalidConfigException wrong(String name, String key, String what) {
        return new InvalidConfigException(List.of(new ConfigError(name + "_FILE", 0, key, what)));
    }

    /** {@return what they are: some hold passwords} */
    @Override
    public String toString() {
        return "the process' variables";
    }
}

package io.visitorcounter.web.health;

import io.visitorcounter.web.http.Response;
import io.visitorcounter.web.json.Json;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which release is running; all null if the app was started without one. No image contains the number: whoever starts
 *  a release sets it in {@code RELEASE}, as in {@code dev@v1}. The digests come from the release image's variables, the
 *  commit from the app image's.
 *
 *  @param environment as in {@code prod}
 *  @param version 1-based, or null
 *  @param appDigest the app image's digest
 *  @param bundleDigest the rendered config's digest
 *  @param contractDigest the digest of the contract that the config was checked against
 *  @param source the commit that the app was built from, 7 to 64 hexadecimal digits, or null if unknown */
public record ReleaseInfo(
        @Nullable String environment,
        @Nullable Long version,
        @Nullable String appDigest,
        @Nullable String bundleDigest,
        @Nullable String contractDigest,
        @Nullable String source) {

    private static final Pattern NUMBERED = Pattern.compile("([a-z][a-z0-9-]{0,62})@v([1-9][0-9]{0,11})");
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{7,64}");

    /** {@return the release that the variables name; a malformed {@code RELEASE} counts as none} */
    public static ReleaseInfo of(Map<String, String> environment) {
        Matcher name = NUMBERED.matcher(environment.getOrDefault("RELEASE", ""));
        boolean numbered = name.matches();
        String source = environment.getOrDefault("SOURCE_COMMIT", "");
        return new ReleaseInfo(
                numbered ? name.group(1) : null,
                numbered ? Long.valueOf(name.group(2)) : null,
                set(environment.get("RELEASE_APP_DIGEST")),
                set(environment.get("RELEASE_BUNDLE_DIGEST")),
                set(environment.get("RELEASE_CONTRACT_DIGEST")),
                COMMIT.matcher(source).matches() ? source : null);
    }

    /** {@return the release's name, as in {@code dev@v1}, or null if there is none} */
    public @Nullable String name() {
        return environment == null ? null : environment + "@v" + version;
    }

    /** {@return all of it as JSON, with null for what is missing} */
    public Response response() {
        return Response.ok(
                Response.JSON,
                Json.object(json -> json.put("environment", environment)
                        .put("version", version)
                        .put("appDigest", appDigest)
                        .put("bundleDigest", bundleDigest)
                        .put("contractDigest", contractDigest)
                        .put("source", source)));
    }

    private static @Nullable String set(@Nullable String value) {
        return value == null || value.isEmpty() ? null : value;
    }
}

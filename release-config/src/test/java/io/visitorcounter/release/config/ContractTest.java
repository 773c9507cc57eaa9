package io.visitorcounter.release.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.visitorcounter.release.Digest;
import io.visitorcounter.release.ReleaseException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ContractTest {

    @Test
    void theKeysAreATableForOperators() {
        Contract contract = TestContract.read();

        assertThat(contract.keys())
                .contains(
                        new Contract.Key(
                                "greeting",
                                "string",
                                "1..20 characters",
                                Optional.of("Hello"),
                                "what is said",
                                false,
                                Optional.empty()),
                        new Contract.Key(
                                "store",
                                "string",
                                "redis|sqlite|memory",
                                Optional.of("sqlite"),
                                "",
                                false,
                                Optional.empty()),
                        new Contract.Key(
                                "redis.port",
                                "integer",
                                "1..65535",
                                Optional.of("6379"),
                                "",
                                false,
                                Optional.of("PORT")),
                        new Contract.Key(
                                "redis.password",
                                "string",
                                "",
                                Optional.of(""),
                                "",
                                true,
                                Optional.of("REDIS_PASSWORD")),
                        new Contract.Key(
                                "deadline", "duration", "10ms..10m", Optional.of("2s"), "", false, Optional.empty()));
    }

    @Test
    void theDigestIsThatOfTheBytesAsTheyAre() {
        byte[] bytes = "{\"type\":  \"object\"}".getBytes(StandardCharsets.UTF_8);

        Contract contract = Contract.parse(bytes, "contract.json");

        assertThat(contract.digest()).isEqualTo(Digest.of(bytes));
    }

    @Test
    void anEmptyObjectIsNoContract() {
        Contract contract = Contract.parse("{}".getBytes(StandardCharsets.UTF_8), "label");

        assertThat(contract.isNone()).isTrue();
        assertThat(contract.digest()).isEqualTo(Contract.none().digest());
        assertThat(contract.keys()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {                                          | contract: expected JSON: Unexpected end-of-input: expected close marker for Object
            {"type": "object"} x                       | contract: expected JSON: Unrecognized token 'x'
            {"type": "object", "type": "object"}       | contract: expected JSON: Duplicate
            []                                         | expected a schema object, got []
            ` `                                        | expected a schema object, got nothing
            {"type": "string"}                         | type: expected object at the root, got string
            {"properties": {}}                         | type: expected object, string, integer or boolean, got none
            {"type": "object", "properties": []}       | properties: expected an object, got []
            {"type": "object", "oneOf": []}            | oneOf: a keyword that this tool does not know; it would not be obeyed, so a release needs a newer tool
            {"type": "object", "reqired": []}          | reqired: a keyword that this tool does not know; did you mean required?
            {"type": "object", "required": ["a"]}      | a: required, but not among the properties
            {"type": "object", "required": [1]}        | required: expected a list of keys, got [1]
            {"type": "object", "required": "a"}        | required: expected a list of keys, got "a"
            {"type": "object", "additionalProperties": {}} | additionalProperties: expected true or false, got {}
            {"type": "object", "if": {}}               | if and then: expected both, got one
            {"type": "object", "if": {"default": 1}, "then": {}} | default: has no meaning within if and then
            """)
    void aContractThatIsBrokenIsRefused(String json, String fault) {
        assertThatThrownBy(() -> Contract.parse(json.getBytes(StandardCharsets.UTF_8), "label"))
                .isInstanceOfSatisfying(
                        ReleaseException.ConfigInvalid.class,
                        broken -> assertThat(broken.faults())
                                .allMatch(line -> line.matches("(?s)label(:[0-9]+)?: .*"))
                                .anyMatch(line -> line.contains(fault)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"type": "number"}                                  | type: expected object, string, integer or boolean, got "number"
            {"type": "array"}                                   | type: expected object, string, integer or boolean, got "array"
            {"type": ["string", "null"]}                        | type: expected object, string, integer or boolean, got ["string","null"]
            {"type": "string", "exclusiveMinimum": 1}           | exclusiveMinimum: a keyword that this tool does not know
            {"type": "string", "pattern": "["}                  | pattern: expected a regular expression: Unclosed character class
            {"type": "string", "pattern": 1}                    | pattern: expected a string, got 1
            {"type": "string", "minLength": "1"}                | minLength: expected an integer, got "1"
            {"type": "integer", "maximum": 1.5}                 | maximum: expected an integer, got 1.5
            {"type": "integer", "minimum": 99999999999999999999}| minimum: expected an integer, got 99999999999999999999
            {"type": "string", "format": "email"}               | format: expected hocon-duration, the only one that this tool knows, got email
            {"type": "integer", "format": "hocon-duration"}     | format: expected at a string
            {"type": "string", "x-minimum": "1s"}               | x-minimum: expected with format hocon-duration only
            {"type": "string", "format": "hocon-duration", "x-minimum": "1"} | x-minimum: expected a duration with a unit, such as 2s, got "1"
            {"type": "string", "env": "MY-VAR"}                 | env: expected the name of a variable, got "MY-VAR"
            {"type": "integer", "writeOnly": true}              | writeOnly: expected at a string
            {"type": "string", "writeOnly": "yes"}              | writeOnly: expected true or false, got "yes"
            {"type": "string", "writeOnly": true, "default": "x"} | default: expected "" at a secret
            {"type": "string", "enum": []}                      | enum: expected a list of values, got []
            {"type": "string", "enum": ["a"], "const": "a"}     | enum and const: expected one of them, got both
            {"type": "string", "const": 1.5}                    | const: expected a string, an integer, true or false, got 1.5
            {"type": "integer", "minimum": 2, "maximum": 1}     | no value fits: the minimum is above the maximum, or what is allowed is not of the type
            {"type": "string", "minLength": 2, "maxLength": 1}  | no value fits
            {"type": "string", "format": "hocon-duration", "x-minimum": "1m", "x-maximum": "59s"} | no value fits
            {"type": "integer", "enum": ["a", "b"]}             | no value fits
            {"type": "string", "description": 1}                | description: expected a string, got 1
            {"type": "integer", "default": "1"}                 | default: expected an integer, got "1"; write it without quotes
            {"type": "integer", "minimum": 1, "default": 0}     | default: expected at least 1, got 0
            {"type": "string", "enum": ["a", "b"], "default": "c"} | default: expected a|b, got "c"
            {"type": "string", "format": "hocon-duration", "x-maximum": "1m", "default": "2m"} | default: expected at most 1m, got 2m
            """)
    void aKeyThatIsBrokenIsRefusedByName(String schema, String fault) {
        String json = "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"object\",\"properties\":{\"b\":" + schema
                + "}}}}";

        assertThatThrownBy(() -> Contract.parse(json.getBytes(StandardCharsets.UTF_8), "label"))
                .isInstanceOfSatisfying(
                        ReleaseException.ConfigInvalid.class,
                        broken -> assertThat(broken.faults()).anyMatch(line -> line.contains("label: a.b: " + fault)));
    }

    @Test
    void allThatIsWrongIsToldAtOnce() {
        String json = """
                {"type": "object", "properties": {
                  "a": {"type": "number"}, "b": {"type": "string", "not": {}}, "c": {"type": "string", "env": ""}}}
                """;

        assertThatThrownBy(() -> Contract.parse(json.getBytes(StandardCharsets.UTF_8), "label"))
                .isInstanceOfSatisfying(
                        ReleaseException.ConfigInvalid.class,
                        broken -> assertThat(broken.faults()).hasSize(3));
    }

    @Test
    void twoKeysOfOneVariableAreRefused() {
        String json = """
                {"type": "object", "properties": {
                  "a": {"type": "string", "env": "HOST"}, "b": {"type": "string", "env": "HOST"}}}
                """;

        assertThatThrownBy(() -> Contract.parse(json.getBytes(StandardCharsets.UTF_8), "label"))
                .hasMessage("label: b: env: HOST is that of a already");
    }

    @ParameterizedTest
    @ValueSource(strings = {"^(a|b)*c$", "^(.*,){30}x$", "^(a+b?)+c$", "^(([a-z])+.)+[A-Z]([a-z])+$"})
    void aPatternThatBacktracksWithoutEndIsAFaultOfTheValue(String pattern) {
        String json =
                "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\",\"pattern\":\"" + pattern + "\"}}}";
        Contract contract = Contract.parse(json.getBytes(StandardCharsets.UTF_8), "label");
        EnvironmentFiles files = TestBundles.files("prod.conf", "app.a = \"" + "ab,a".repeat(2000) + "\"");

        Rendering rendering =
                assertTimeoutPreemptively(Duration.ofSeconds(60), () -> files.render(TestBundles.PROD, contract));

        assertThat(((Rendering.Invalid) rendering).faults())
                .singleElement()
                .asString()
                .startsWith("environments/prod.conf:1: a: expected a match of " + pattern);
    }

    @Test
    void aSecretCanNotHaveTheNameOfAKey() {
        String json = """
                {"type": "object", "properties": {"TOKEN": {"type": "string", "writeOnly": true}}}
                """;
        Contract contract = Contract.parse(json.getBytes(StandardCharsets.UTF_8), "label");

        Rendering rendering =
                TestBundles.files("prod.conf", "app.TOKEN = ${TOKEN}").render(TestBundles.PROD, contract);

        assertThat(rendering)
                .isEqualTo(new Rendering.Invalid(List.of(new ConfigFault(
                        "environments/prod.conf",
                        1,
                        "TOKEN",
                        "expected a variable that has no key's name, got ${TOKEN}"))));
    }

    @Test
    void aBundleOfAnEarlierContractIsHeldToThisOne() {
        Bundle bundle = TestBundles.of("app.redis.port = 7000, app.greeting = \"Hello there\"");
        String narrower = """
                {"type": "object", "additionalProperties": false, "properties": {
                  "greeting": {"type": "string", "maxLength": 5},
                  "redis": {"type": "object", "properties": {"port": {"type": "integer", "maximum": 6999}}}}}
                """;

        List<ConfigFault> faults = Contract.parse(narrower.getBytes(StandardCharsets.UTF_8), "label")
                .check(bundle);

        assertThat(faults)
                .extracting(ConfigFault::toString)
                .contains(
                        "app.conf:4: greeting: expected at most 5 characters, got 11",
                        "app.conf:14: redis.port: expected at most 6999, got 7000",
                        "app.conf:3: durability: no such key");
        assertThat(TestContract.read().check(bundle)).isEmpty();
    }
}

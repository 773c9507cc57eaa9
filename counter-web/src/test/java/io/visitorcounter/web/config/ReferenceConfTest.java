package io.visitorcounter.web.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigObject;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Holds reference.conf to the contract. */
class ReferenceConfTest {

    private final Contract contract = Contract.ofThisBuild();

    @Test
    void referenceConfHasTheContractsKeysWithTheContractsDefaults() throws InvalidConfigException {
        Map<String, Object> defaults = new TreeMap<>();
        contract.keys()
                .forEach((key, schema) -> defaults.put(key, schema.toConfig().getAnyRef("default")));

        Config reference = ConfigFiles.read(Map.of(), contract);

        Map<String, Object> there = new TreeMap<>();
        reference
                .entrySet()
                .forEach(entry -> there.put(
                        entry.getKey().replace("\"", ""), entry.getValue().unwrapped()));
        assertThat(there).isEqualTo(defaults);
    }

    @Test
    void everyVariableOfTheContractReachesItsKey() throws InvalidConfigException {
        for (Map.Entry<String, ConfigObject> entry : contract.keys().entrySet()) {
            Config schema = entry.getValue().toConfig();
            if (schema.hasPath("env")) {
                String variable = schema.getString("env");

                Config config = ConfigFiles.read(Map.of(variable, "4711"), contract);

                assertThat(config.getString(entry.getKey())).as(variable).isEqualTo("4711");
            }
        }
    }

    @Test
    void everyKeyOfTheContractIsDescribedAndHasADefault() {
        contract.keys().forEach((key, schema) -> {
            assertThat(schema.keySet()).as(key).contains("description", "default", "type");
        });
    }

    @Test
    void theContractKnowsNoVariableButItsOwn() {
        assertThat(contract.variables()).containsExactlyInAnyOrder("HOST", "PORT", "HTTP_PORT", "REDIS_PASSWORD");
    }
}

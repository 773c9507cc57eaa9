package io.visitorcounter.release.config;

import com.typesafe.config.Config;
import java.util.ArrayList;
import java.util.List;

/** Holds a bundle that is already made to a contract. */
final class BundleCheck {

    private BundleCheck() {}

    static List<ConfigFault> of(Contract contract, Bundle bundle) {
        Resolved resolved = bundle.resolved();
        List<ConfigFault> faults = new ArrayList<>();
        contract.validate(resolved.root())
                .violations()
                .forEach(violation -> faults.add(new ConfigFault(
                        Bundle.APP_CONF,
                        line(resolved.raw(), violation.blamed()),
                        violation.path().toString(),
                        violation.text())));
        faults.sort(null);
        return List.copyOf(faults);
    }

    private static int line(Config raw, List<KeyPath> blamed) {
        return blamed.stream()
                .filter(path -> !path.isRoot() && raw.hasPathOrNull(path.toString()) && !raw.getIsNull(path.toString()))
                .mapToInt(path -> raw.getValue(path.toString()).origin().lineNumber())
                .filter(line -> line > 0)
                .findFirst()
                .orElse(0);
    }
}

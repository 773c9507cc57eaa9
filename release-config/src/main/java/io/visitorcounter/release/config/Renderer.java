package io.visitorcounter.release.config;

import io.visitorcounter.release.config.ConfigNode.Branch;
import io.visitorcounter.release.config.Judge.Complaint;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** One rendering: holds what was read to the contract, and makes the bundle if nothing is wrong. */
final class Renderer {

    private final Reading reading;
    private final Contract contract;
    private final Places places;
    private final Set<ConfigFault> faults;
    private final Set<KeyPath> complained = new HashSet<>();

    Renderer(Reading reading, Contract contract) {
        this.reading = reading;
        this.contract = contract;
        this.places = reading.places();
        this.faults = reading.faults();
    }

    /** Renders.
     *
     *  @param strays what is odd about the folder, to go with the warnings */
    Rendering render(List<ConfigFault> strays) {
        Contract.Verdict verdict = contract.judge(reading.app());
        verdict.complaints().forEach(complaint -> complain(complaint, verdict.complete()));
        findSecrets();
        AppEnv env = AppEnv.of(contract, verdict.complete());
        env.complaints().stream()
                .filter(complaint -> !complained.contains(complaint.path()))
                .forEach(complaint -> complain(complaint, verdict.complete()));
        if (!faults.isEmpty()) {
            Carriers carriers = new Carriers(reading.history(), contract);
            return new Rendering.Refused(faults.stream().map(carriers::masked).toList());
        }
        Bundle bundle = Bundle.of(verdict.complete(), env.variables(), contract.digest());
        return new Rendering.Rendered(bundle, reading.policy(), warnings(strays));
    }

    private void complain(Complaint complaint, Branch config) {
        complained.add(complaint.path());
        // What is wrong with a value that refers to nothing was said where the reference stands.
        boolean said = config.at(complaint.path())
                .filter(node -> reading.references().isBroken(node, places.last(Reading.APP.child(complaint.path()))))
                .isPresent();
        List<KeyPath> blamed =
                complaint.blamed().stream().map(Reading.APP::child).toList();
        // Where a file could not be read whole, a key that seems not to be set may well be.
        boolean unsure = !reading.isWhole() && blamed.stream().noneMatch(places::knows);
        if (!said && !unsure) {
            faults.add(places.fault(Reading.APP.child(complaint.path()), blamed, complaint.text()));
        }
    }

    private void findSecrets() {
        SecretSearch search = new SecretSearch(places);
        reading.files().forEach(search::inText);
        search.inValues(KeyPath.ROOT, reading.root());
        contract.schema().ifPresent(schema -> search.atSecrets(Reading.APP, schema, reading.history()));
        faults.addAll(search.faults());
    }

    private List<ConfigFault> warnings(List<ConfigFault> strays) {
        List<ConfigFault> warnings = new ArrayList<>(repetitions());
        warnings.addAll(strays);
        warnings.sort(null);
        return warnings;
    }

    // A value that says again what it overrides works, but hides that the shared one was changed.
    private List<ConfigFault> repetitions() {
        List<ConfigFault> warnings = new ArrayList<>();
        for (KeyPath path : places.keys()) {
            List<Statement> hops = places.hops(path);
            if (hops.size() > 1) {
                Statement last = hops.get(hops.size() - 1);
                Statement before = hops.get(hops.size() - 2);
                if (last.text().equals(before.text()) && !last.buildsOnItself()) {
                    warnings.add(places.fault(
                            last.file(), last.line(), path, "says again what " + before.place() + " says"));
                }
            }
        }
        return warnings;
    }
}

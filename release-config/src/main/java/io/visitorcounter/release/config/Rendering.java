package io.visitorcounter.release.config;

import java.util.List;

/** What came of rendering an environment's files for a contract. */
public sealed interface Rendering {

    /** The config is good.
     *
     *  @param bundle the config, complete
     *  @param policy what the environment asks of its releases
     *  @param warnings what is valid but probably a mistake, sorted by file and line */
    record Rendered(Bundle bundle, Policy policy, List<ConfigFault> warnings) implements Rendering {

        public Rendered {
            warnings = List.copyOf(warnings);
        }
    }

    /** The config is wrong, so there is no bundle.
     *
     *  @param faults all of them, at least one, sorted by file and line */
    record Invalid(List<ConfigFault> faults) implements Rendering {

        public Invalid {
            faults = List.copyOf(faults);
        }
    }
}

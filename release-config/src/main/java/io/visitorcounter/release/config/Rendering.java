package io.visitorcounter.release.config;

import java.util.List;

/** The result of rendering an environment's files for a contract. */
public sealed interface Rendering {

    /** The config is valid.
     *
     *  @param bundle the complete config
     *  @param policy what the environment requires of its releases
     *  @param warnings what is valid but probably a mistake, sorted by file and line */
    record Rendered(Bundle bundle, Policy policy, List<ConfigFault> warnings) implements Rendering {

        public Rendered {
            warnings = List.copyOf(warnings);
        }
    }

    /** The config is invalid, so there is no bundle.
     *
     *  @param faults all of them, at least one, sorted by file and line */
    record Invalid(List<ConfigFault> faults) implements Rendering {

        public Invalid {
            faults = List.copyOf(faults);
        }
    }
}

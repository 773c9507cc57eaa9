package io.visitorcounter.release.config;

import io.visitorcounter.release.Environment;
import java.util.List;
import java.util.stream.Collectors;

/** There is no file for the environment that was asked for. */
public final class NoSuchEnvironmentException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    NoSuchEnvironmentException(String folder, Environment asked, List<String> files, List<Environment> known) {
        super(folder + ": " + asked + ": no such environment" + hint(folder, asked, files, known));
    }

    private static String hint(String folder, Environment asked, List<String> files, List<Environment> known) {
        String file = asked + ".conf";
        String all = known.isEmpty()
                ? "; there are none"
                : "; there are " + known.stream().map(Environment::name).collect(Collectors.joining(", "));
        if (file.equals(EnvironmentFiles.SHARED)) {
            return ": " + file + " is what the files of environments include" + all;
        }
        return files.stream()
                .filter(file::equalsIgnoreCase)
                .findFirst()
                .map(near -> "; rename " + folder + "/" + near + " to " + file)
                .orElse(known.isEmpty() ? all + ", so write " + folder + "/" + file : all);
    }
}

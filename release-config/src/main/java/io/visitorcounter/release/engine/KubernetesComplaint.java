package io.visitorcounter.release.engine;

import io.visitorcounter.release.PrintableText;
import io.visitorcounter.release.ReleaseException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Why kubectl did not apply documents. */
record KubernetesComplaint(EngineClient.Answer answer) {

    static final String OLD =
            "expected Kubernetes 1.21 or newer for a disruption budget; an older one takes replicas = 1";
    private static final Pattern REFUSAL = Pattern.compile("conflicts?[: ]|is invalid|[Ff]orbidden|admission|BadRequest"
            + "|no matches for kind|unknown field|error validating|strict decoding|failed to create typed patch");
    private static final Pattern CONFLICT = Pattern.compile("conflicts? with \"([^\"]+)\".*?:?( \\.[^ ]+)?$");

    /** {@return the error for the user: a refusal, if the API server or kubectl rejected the documents; any other
     *  failure may be transient} */
    ReleaseException exception(EngineClient kubectl, DeployTarget target) {
        if (!REFUSAL.matcher(answer.err()).find()) {
            return kubectl.unreachable(new String[] {"apply"}, answer);
        }
        if (answer.err().contains("\"policy/v1\"")) {
            return new ReleaseException.Refused(target.where() + ": " + OLD);
        }
        List<String> owned = conflicts();
        return new ReleaseException.Refused(target.where() + ": "
                + (owned.isEmpty()
                        ? answer.complaint()
                        : "expected fields that are ours, got " + String.join("; ", owned)
                                + "; pass --adopt to take them back"));
    }

    /** {@return the fields that others own, with their owners; none if the failure is something else} */
    List<String> conflicts() {
        List<String> found = new ArrayList<>();
        String owner = "";
        for (String line : answer.err().lines().toList()) {
            Matcher named = CONFLICT.matcher(line);
            if (named.find()) {
                owner = named.group(1);
                if (named.group(2) != null) {
                    found.add(owner + " has" + named.group(2));
                }
            } else if (line.startsWith("- .") && !owner.isEmpty()) {
                found.add(owner + " has " + line.substring(2));
            }
        }
        return found.stream().map(PrintableText::oneLine).toList();
    }
}

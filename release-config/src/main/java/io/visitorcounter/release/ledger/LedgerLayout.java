package io.visitorcounter.release.ledger;

import io.visitorcounter.release.Digest;
import io.visitorcounter.release.Environment;
import io.visitorcounter.release.ReleaseId;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** The only definition of the paths in the ledger's branch:
 *
 *  <pre>
 *  head.json                       the newest entry: its number, path and digest
 *  prod/000012/entry.json          one release
 *  prod/000012/bundle/…            its rendered config
 *  prod/000012/image/…             manifest and config of its app image and its release image; if it is signed, what is
 *                                  said of them, and the bill of materials
 *  prod/000012/origin/ledger.json  of an imported one: its entry in the ledger that it came from, and all before that
 *  prod/000012/signatures/…        who signed it: a file for each key
 *  prod/freezes/000001.json        one freeze, or the end of one
 *  prod/freezes/000001/signatures/… who signed that
 *  prod/approvals/000001.json      one person's yes to one release, and its signature as that of a freeze
 *  prod/endorsements/000001.json   one more signer of one release, and its signature as that of a freeze
 *  prod/endorsements/000001/image/… what that signer said of the release image
 *  </pre>
 *
 *  and in the branch of the deployments, which has its own {@code head.json}:
 *
 *  <pre>
 *  prod/000007/begun.json          one deployment
 *  prod/000007/manifest.yaml       what its engine was given, byte for byte
 *  prod/000007/ended.json          what became of it
 *  prod/000007/begun/signatures/…  who signed the start; likewise of the end
 *  </pre> */
public final class LedgerLayout {

    static final String HEAD = "head.json";
    static final String FREEZES = "freezes";
    static final String APPROVALS = "approvals";
    static final String ENDORSEMENTS = "endorsements";

    /** The folders of an environment that hold entries as files, rather than one release. */
    static final Set<String> LISTS = Set.of(FREEZES, APPROVALS, ENDORSEMENTS);

    /** The file of a release, in its folder. */
    public static final String ENTRY = "entry.json";

    static final String BEGUN = "begun.json";
    static final String ENDED = "ended.json";

    /** What a deployment's engine was given, in its folder. */
    public static final String MANIFEST = "manifest.yaml";

    /** The files of a deployment's folder. */
    static final Set<String> OF_DEPLOYMENT = Set.of(BEGUN, ENDED, MANIFEST);

    /** The folders next to them with their signatures. */
    static final Set<String> SIGNED_OF_DEPLOYMENT = Set.of("begun", "ended");

    /** The folder of a release's config, in its folder. */
    public static final String BUNDLE = "bundle";

    /** The folder of a release's images, in its folder. */
    public static final String IMAGES = "image";

    /** The folder of a release's signatures, in its folder; a freeze's is in a folder with the freeze's number. */
    public static final String SIGNATURES = "signatures";

    /** The app image's manifest, in {@link #IMAGES}. */
    public static final String APP_MANIFEST = "app-manifest.json";

    /** The app image's config, in {@link #IMAGES}. */
    public static final String APP_CONFIG = "app-config.json";

    /** The release image's manifest, in {@link #IMAGES}. */
    public static final String RELEASE_MANIFEST = "release-manifest.json";

    /** The release image's config, in {@link #IMAGES}. */
    public static final String RELEASE_CONFIG = "release-config.json";

    /** The signature of the release image, in {@link #IMAGES}. */
    public static final String RELEASE_SIGNATURE = "release-signature.sigstore.json";

    /** How the release image was made, signed, in {@link #IMAGES}. */
    public static final String RELEASE_PROVENANCE = "release-provenance.sigstore.json";

    /** How the app image was made, signed by who made it, in {@link #IMAGES}. */
    public static final String APP_PROVENANCE = "app-provenance.sigstore.json";

    /** The build's bill of materials, in {@link #IMAGES}. */
    public static final String SBOM = "sbom.json";

    /** The folder of an imported release's proof, in its folder. */
    public static final String ORIGIN = "origin";

    /** The proof of the ledger that it came from, in {@link #ORIGIN}. */
    public static final String ORIGIN_PROOF = "ledger.json";

    /** The files and folders next to a release's entry. */
    public static final Set<String> BESIDE_ENTRY = Set.of(ENTRY, BUNDLE, IMAGES, SIGNATURES, ORIGIN);

    /** The release image's signature in the older form (before bundles), in the folder of an endorsement. */
    public static final String LEGACY_SIGNATURE = "legacy-signature.json";

    private static final Set<String> IMAGE_STATEMENTS =
            Set.of(RELEASE_SIGNATURE, RELEASE_PROVENANCE, APP_PROVENANCE, SBOM);
    private static final Set<String> IMAGE_FILES = Set.of(APP_MANIFEST, APP_CONFIG, RELEASE_MANIFEST, RELEASE_CONFIG);
    private static final Pattern APP_STATEMENT = Pattern.compile("app-[0-9a-f]{12}\\.sigstore\\.json");

    // Of any kind, also one that only a newer tool knows: it always has an environment and a folder.
    private static final Pattern ENTRY_PATH = Pattern.compile("[a-z0-9-]+/[a-z0-9-]+/[a-z0-9-]+\\.json");

    private static final int DIGITS = 6;
    private static final String JSON = ".json";

    private LedgerLayout() {}

    /** {@return the name in {@link #IMAGES} of another signed statement about the app image} */
    public static String appStatement(Digest bundle) {
        return "app-" + bundle.shortText() + ".sigstore.json";
    }

    /** {@return whether a name in {@link #IMAGES} is one of {@link #appStatement}} */
    public static boolean isAppStatement(String name) {
        return APP_STATEMENT.matcher(name).matches();
    }

    /** {@return whether a file in {@link #IMAGES} exists only if the release or its build is signed} */
    public static boolean isImageStatement(String name) {
        return IMAGE_STATEMENTS.contains(name) || isAppStatement(name);
    }

    /** {@return whether a file may be in {@link #IMAGES}} */
    public static boolean isImageFile(String name) {
        return IMAGE_FILES.contains(name) || isImageStatement(name);
    }

    /** {@return whether a path has the form of an entry's} */
    static boolean isEntryPath(String path) {
        return ENTRY_PATH.matcher(path).matches();
    }

    /** {@return the folder for the files next to an entry: that of a release, or that of a freeze, which exists only if
     *  the freeze is signed} */
    public static String folder(Entry entry) {
        return folder(entry.path());
    }

    private static String folder(String path) {
        String end = path.endsWith("/" + ENTRY) ? "/" + ENTRY : JSON;
        return path.substring(0, path.length() - end.length());
    }

    /** {@return the folder of an entry's signatures} */
    public static String signatures(Entry entry) {
        return signatures(entry.path());
    }

    static String signatures(String path) {
        return folder(path) + "/" + SIGNATURES;
    }

    /** {@return the folder of a release, such as {@code prod/000012}} */
    public static String folder(ReleaseId release) {
        return release.environment() + "/" + number(release.version());
    }

    static String entry(ReleaseId release) {
        return folder(release) + "/" + ENTRY;
    }

    /** {@return the folder of a deployment, such as {@code prod/000007}} */
    public static String folder(Environment environment, int number) {
        return environment + "/" + number(number);
    }

    static String deployment(Environment environment, int number) {
        return folder(environment, number) + "/" + BEGUN;
    }

    static String deploymentEnd(Environment environment, int number) {
        return folder(environment, number) + "/" + ENDED;
    }

    /** {@return the file of an entry in one of the {@link #LISTS}} */
    static String inList(Environment environment, String list, int number) {
        return environment + "/" + list + "/" + number(number) + JSON;
    }

    /** {@return whether a file of one of the {@link #LISTS} is an entry, and not a folder of signatures} */
    static boolean isEntryOfList(String name) {
        return name.endsWith(JSON);
    }

    /** {@return the release whose folder has this name; empty if that is not the name of one} */
    static Optional<ReleaseId> release(Environment environment, String folder) {
        try {
            int version = Integer.parseInt(folder);
            return number(version).equals(folder) ? Optional.of(new ReleaseId(environment, version)) : Optional.empty();
        } catch (IllegalArgumentException notANumber) {
            return Optional.empty();
        }
    }

    // Six digits, so that git's order of names is numerical.
    private static String number(int number) {
        String digits = Integer.toString(number);
        return "0".repeat(Math.max(0, DIGITS - digits.length())) + digits;
    }
}

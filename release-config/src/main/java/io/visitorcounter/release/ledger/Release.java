package io.visitorcounter.release.ledger;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.visitorcounter.release.CanonicalJson;
import io.visitorcounter.release.Digest;
import io.visitorcounter.release.Environment;
import io.visitorcounter.release.ReleaseId;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** One release: one build and one environment's config, by their digests.
 *
 *  @param sequence its number in the whole ledger
 *  @param previous the entry before it in the whole ledger
 *  @param id environment and version
 *  @param origin how it came to be
 *  @param from the release it was promoted from, or whose content it has again; empty for a created one
 *  @param content what it consists of
 *  @param audit who, when, why */
public record Release(
        long sequence,
        Optional<EntryRef> previous,
        ReleaseId id,
        Origin origin,
        Optional<ReleaseId> from,
        Content content,
        Audit audit)
        implements Entry {

    private static final String KIND = "Release";

    /** How a release came to be. */
    public enum Origin {
        /** From a build and the environment's files. */
        CREATED,
        /** From the build of another environment's release. */
        PROMOTED,
        /** With the content of an earlier release. */
        ROLLED_BACK;

        /** {@return the word for people and for entries, such as {@code rolled-back}} */
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** Origin a release consists of. Equal content is the same release under another number.
     *
     *  @param releaseImage what runs
     *  @param appImage the build
     *  @param bundle the digest of the rendered config
     *  @param contract the digest of the contract that the build carries; empty if it carries none
     *  @param config the commit of the environment's files; empty if they are in no git repository
     *  @param sbom the digest of the build's bill of materials; empty if none was given */
    public record Content(
            ImageName releaseImage,
            ImageName appImage,
            Digest bundle,
            Optional<Digest> contract,
            Optional<ConfigCommit> config,
            Optional<Digest> sbom) {}

    /** An image, and where it lay when the release was made.
     *
     *  @param name a file of the images folder, or a reference of a registry
     *  @param digest of its manifest */
    public record ImageName(String name, Digest digest) {

        static ImageName read(EntryFields fields) {
            ImageName image = new ImageName(fields.text("name"), fields.digest("digest"));
            fields.end();
            return image;
        }

        void write(ObjectNode into) {
            into.put("name", name).put("digest", digest.text());
        }
    }

    /** The commit that the environment's files came from.
     *
     *  @param commit 40 hex digits
     *  @param clean whether the files were as the commit has them */
    public record ConfigCommit(String commit, boolean clean) {}

    @Override
    public Environment environment() {
        return id.environment();
    }

    @Override
    public String path() {
        return folder(id) + "/entry.json";
    }

    static String folder(ReleaseId id) {
        return id.environment() + "/" + versionName(id.version());
    }

    static String versionName(int version) {
        return Trees.name(version);
    }

    @Override
    public ObjectNode json() {
        ObjectNode json = CanonicalJson.object().put("apiVersion", API_VERSION).put("kind", KIND);
        json.put("sequence", sequence);
        previous.ifPresent(link -> json.set("previous", link.json()));
        json.put("environment", id.environment().name())
                .put("version", id.version())
                .put("what", origin.word());
        from.ifPresent(release -> json.put("from", release.toString()));
        content.releaseImage().write(json.putObject("releaseImage"));
        content.appImage().write(json.putObject("appImage"));
        json.put("bundleDigest", content.bundle().text());
        content.contract().ifPresent(digest -> json.put("contractDigest", digest.text()));
        content.config()
                .ifPresent(config ->
                        json.putObject("config").put("commit", config.commit()).put("clean", config.clean()));
        content.sbom().ifPresent(digest -> json.put("sbomDigest", digest.text()));
        audit.write(json);
        return json;
    }

    static Release read(EntryFields fields) {
        ReleaseId id =
                new ReleaseId(fields.environment("environment"), (int) fields.number("version", ReleaseId.MAX_VERSION));
        String word = fields.text("what");
        Origin origin = Arrays.stream(Origin.values())
                .filter(each -> each.word().equals(word))
                .findFirst()
                .orElseThrow(() -> fields.invalid("what", "expected created, promoted or rolled-back"));
        return new Release(
                fields.number("sequence", Long.MAX_VALUE),
                fields.optionalObject("previous").map(EntryRef::read),
                id,
                origin,
                fields.optionalText("from").map(text -> fields.value("from", text, ReleaseId::parse)),
                new Content(
                        ImageName.read(fields.object("releaseImage")),
                        ImageName.read(fields.object("appImage")),
                        fields.digest("bundleDigest"),
                        fields.optionalDigest("contractDigest"),
                        fields.optionalObject("config")
                                .map(config -> new ConfigCommit(config.text("commit"), config.flag("clean"))),
                        fields.optionalDigest("sbomDigest")),
                Audit.read(fields));
    }
}

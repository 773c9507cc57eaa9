package io.visitorcounter.release.ledger;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.transport.PacketLineOut;
import org.eclipse.jgit.transport.ReceivePack;
import org.eclipse.jgit.transport.RefAdvertiser;
import org.eclipse.jgit.transport.UploadPack;

/** What a git server does at its end of a connection, whatever carries it. */
public final class GitService {

    public static final String UPLOAD = "git-upload-pack";
    public static final String RECEIVE = "git-receive-pack";

    private final Path bare;

    /** Creates the repository that is served.
     *
     *  @param bare a folder that is not there yet */
    public GitService(Path bare) throws IOException {
        GitSystemReader.use();
        LocalRepository.initialise(bare);
        this.bare = bare;
    }

    /** {@return how many releases the branch holds of an environment} */
    public int releases(String environment) throws IOException {
        try (Repository repository = open()) {
            var head = repository.resolve(Ledger.BRANCH);
            return head == null
                    ? 0
                    : new Snapshot(() -> repository, "served", Branch.RELEASES, head)
                            .names(environment)
                            .size();
        }
    }

    /** Answers one whole conversation, as over ssh. */
    public void talk(String service, InputStream in, OutputStream out, OutputStream err) throws IOException {
        serve(service, true, in, out, err);
    }

    /** Answers one request, as over HTTP. */
    public void answer(String service, InputStream in, OutputStream out) throws IOException {
        serve(service, false, in, out, OutputStream.nullOutputStream());
    }

    private void serve(String service, boolean conversation, InputStream in, OutputStream out, OutputStream err)
            throws IOException {
        try (Repository repository = open()) {
            if (service.equals(UPLOAD)) {
                UploadPack pack = new UploadPack(repository);
                pack.setBiDirectionalPipe(conversation);
                pack.upload(in, out, err);
            } else {
                ReceivePack pack = new ReceivePack(repository);
                pack.setBiDirectionalPipe(conversation);
                pack.receive(in, out, err);
            }
        }
    }

    /** Writes what a client over HTTP asks for first. */
    public void advertise(String service, OutputStream out) throws IOException {
        PacketLineOut lines = new PacketLineOut(out);
        lines.writeString("# service=" + service + "\n");
        lines.end();
        RefAdvertiser refs = new RefAdvertiser.PacketLineOutRefAdvertiser(lines);
        try (Repository repository = open()) {
            if (service.equals(UPLOAD)) {
                UploadPack pack = new UploadPack(repository);
                pack.setBiDirectionalPipe(false);
                pack.sendAdvertisedRefs(refs);
            } else {
                ReceivePack pack = new ReceivePack(repository);
                pack.setBiDirectionalPipe(false);
                pack.sendAdvertisedRefs(refs);
            }
        }
    }

    private Repository open() throws IOException {
        return new FileRepositoryBuilder()
                .setBare()
                .setGitDir(bare.toFile())
                .setMustExist(true)
                .build();
    }
}

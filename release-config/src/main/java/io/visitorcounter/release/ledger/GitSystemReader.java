package io.visitorcounter.release.ledger;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.eclipse.jgit.errors.ConfigInvalidException;
import org.eclipse.jgit.internal.util.CleanupService;
import org.eclipse.jgit.lib.Config;
import org.eclipse.jgit.lib.ConfigConstants;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.StoredConfig;
import org.eclipse.jgit.storage.file.FileBasedConfig;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.util.FS;
import org.eclipse.jgit.util.SystemReader;
import org.jspecify.annotations.Nullable;

/** What JGit sees of this machine: no user's and no system's git config, so that the same command does the same for
 *  everyone. For an ssh URL, it uses the machine's own ssh, with its keys and known hosts. */
final class GitSystemReader extends SystemReader.Delegate {

    private GitSystemReader(SystemReader system) {
        super(system);
    }

    /** Installs this reader for the whole process; repeated calls do nothing. */
    static synchronized void use() {
        if (!(SystemReader.getInstance() instanceof GitSystemReader)) {
            // JGit then assumes an OSGi framework, which tells it when to end, and adds no shutdown hook. That hook
            // would read all its messages at each command, and start threads at each end. The one thing that this tool
            // needs of it, LocalRepository does itself.
            new CleanupService();
            SystemReader.setInstance(new GitSystemReader(SystemReader.getInstance()));
        }
    }

    /** Also makes JGit load what it needs to open a repository. */
    static void setUp() {
        use();
        new NoConfig(null, FS.DETECTED);
    }

    /** {@return the bare repository in this folder, opened without any config of user or system}
     *
     *  @throws IOException if it can't be read */
    static Repository open(Path bare) throws IOException {
        use();
        return new FileRepositoryBuilder()
                .setBare()
                .setGitDir(bare.toFile())
                .setMustExist(true)
                .build();
    }

    @Override
    public @Nullable String getenv(String variable) {
        // None of git's own variables: the same command does the same for everyone. SshCommand chooses the ssh.
        return variable.startsWith("GIT_") ? null : super.getenv(variable);
    }

    @Override
    public FileBasedConfig openUserConfig(@Nullable Config parent, FS fs) {
        return new NoConfig(parent, fs);
    }

    @Override
    public FileBasedConfig openSystemConfig(@Nullable Config parent, FS fs) {
        return new NoConfig(parent, fs);
    }

    @Override
    public FileBasedConfig openJGitConfig(@Nullable Config parent, FS fs) {
        return new NoConfig(parent, fs);
    }

    @Override
    public StoredConfig getUserConfig() throws IOException, ConfigInvalidException {
        return new NoConfig(null, FS.DETECTED);
    }

    @Override
    public StoredConfig getJGitConfig() throws IOException, ConfigInvalidException {
        return new NoConfig(null, FS.DETECTED);
    }

    @Override
    public StoredConfig getSystemConfig() throws IOException, ConfigInvalidException {
        return new NoConfig(null, FS.DETECTED);
    }

    /** A config file that does not exist, and is never read or written. */
    private static final class NoConfig extends FileBasedConfig {

        private NoConfig(@Nullable Config parent, FS fs) {
            super(parent, new java.io.File("no-such-git-config"), fs);
            // A successful write survives a power cut. Not set in the repository's own config, where git would warn at
            // each command that the setting is deprecated.
            setBoolean("core", null, "fsyncObjectFiles", true);
            setBoolean("core", null, "fsyncRefFiles", true);
        }

        @Override
        public void load() {
            // There is nothing to load.
        }

        @Override
        public void save() {
            // JGit's measurements of this machine are not saved.
        }

        @Override
        public long getTimeUnit(
                String section, @Nullable String subsection, String name, long otherwise, TimeUnit unit) {
            // The resolution of the file system's clock. JGit would measure it with files in the ledger's folder. Two
            // seconds is safe for every file system; JGit rereads files younger than that.
            return section.equals(ConfigConstants.CONFIG_FILESYSTEM_SECTION)
                    ? unit.convert(2, TimeUnit.SECONDS)
                    : super.getTimeUnit(section, subsection, name, otherwise, unit);
        }

        @Override
        public boolean isOutdated() {
            return false;
        }
    }
}

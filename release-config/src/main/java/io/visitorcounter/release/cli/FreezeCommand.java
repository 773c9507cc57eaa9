package io.visitorcounter.release.cli;

final class FreezeCommand extends Command {

    private final Session session;
    private final FreezeOptions options = new FreezeOptions(this);

    FreezeCommand(Session session) {
        super(
                "Block releases to an environment until it is unfrozen.",
                "Examples:",
                "  release freeze prod --reason 'the audit, until Friday'");
        this.session = session;
    }

    @Override
    int run() {
        return options.turn(session, true);
    }
}

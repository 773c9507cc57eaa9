package io.visitorcounter.release.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** The commands by name, in the order of the help. To add one, add a line here. */
final class Commands {

    private static final Map<String, Supplier<Command>> ALL = all();

    private Commands() {}

    private static Map<String, Supplier<Command>> all() {
        Map<String, Supplier<Command>> all = new LinkedHashMap<>();
        all.put("attest", AttestCommand::new);
        all.put("create", CreateCommand::new);
        all.put("approve", ApproveCommand::new);
        all.put("promote", PromoteCommand::new);
        all.put("sign", SignCommand::new);
        all.put("rollback", RollbackCommand::new);
        all.put("deploy", DeployCommand::new);
        all.put("run", RunCommand::new);
        all.put("status", StatusCommand::new);
        all.put("history", HistoryCommand::new);
        all.put("show", ShowCommand::new);
        all.put("diff", DiffCommand::new);
        all.put("verify", VerifyCommand::new);
        all.put("repair", RepairCommand::new);
        all.put("export", ExportCommand::new);
        all.put("import", ImportCommand::new);
        all.put("render", RenderCommand::new);
        all.put("check", CheckCommand::new);
        all.put("explain", ExplainCommand::new);
        all.put("schema", SchemaCommand::new);
        all.put("manifest", ManifestCommand::new);
        all.put("freeze", FreezeCommand::beginning);
        all.put("unfreeze", FreezeCommand::ending);
        all.put("doctor", DoctorCommand::new);
        all.put("completion", CompletionCommand::new);
        return all;
    }

    /** {@return their names, in the order of the help} */
    static List<String> names() {
        return List.copyOf(ALL.keySet());
    }

    static boolean has(String name) {
        return ALL.containsKey(name);
    }

    /** {@return a new command of this name, which must exist} */
    static Command create(String name) {
        Supplier<Command> factory = ALL.get(name);
        if (factory == null) {
            throw new IllegalArgumentException(name);
        }
        return factory.get();
    }
}

package io.visitorcounter.release.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An image's start command, adapted to this machine: the image's absolute paths lead into the folder where it was
 *  unpacked.
 *
 *  @param root where {@code /} of the image is
 *  @param rewritten a folder for copies of files that name the image's paths */
record ImageCommand(Path root, Path rewritten) {

    // A path starts an argument, or follows one of the characters that separate paths from what precedes them.
    private static final Pattern PATH = Pattern.compile("(?<=^|[:=@,])/[^:,]*");

    /** {@return the command with the local java and local paths}
     *
     *  @throws IOException if an argument file can't be read or written */
    List<String> local(List<String> command, Path java) throws IOException {
        List<String> local = new ArrayList<>();
        local.add(java.toString());
        for (String argument : command.subList(1, command.size())) {
            local.add(argument.startsWith("@/") ? argumentFile(argument) : paths(argument));
        }
        return local;
    }

    /** {@return the text with the image's paths moved into the folder; others stay}
     *
     *  @param text an argument, or a variable's value */
    String paths(String text) {
        return PATH.matcher(text)
                .replaceAll(found ->
                        Matcher.quoteReplacement(isOfImage(found.group()) ? root + found.group() : found.group()));
    }

    private boolean isOfImage(String path) {
        String plain = path.endsWith("/*") ? path.substring(0, path.length() - 2) : path;
        return plain.length() > 1 && Files.exists(root.resolve(plain.substring(1)));
    }

    // Java reads arguments from such a file, whose class path has the image's paths.
    private String argumentFile(String argument) throws IOException {
        Path original = root.resolve(argument.substring(2));
        if (!Files.isRegularFile(original)) {
            return argument;
        }
        Files.createDirectories(rewritten);
        Path copy = rewritten.resolve(original.getFileName());
        String text = Files.readString(original);
        StringBuilder lines = new StringBuilder();
        for (String line : text.split("\n", -1)) {
            // Quoted, since a local folder's name may contain blanks.
            String quoted = paths(line.strip()).replace("\\", "\\\\").replace("\"", "\\\"");
            lines.append(line.isBlank() ? "" : "\"" + quoted + "\"").append('\n');
        }
        Files.writeString(copy, lines);
        return "@" + copy;
    }
}

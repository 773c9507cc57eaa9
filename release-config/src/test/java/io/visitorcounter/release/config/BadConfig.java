package io.visitorcounter.release.config;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** One case of the corpus: the files of a folder, and what is wrong with its {@code prod}.
 *
 *  <p>In a {@code .cases} file a case begins with {@code === its name}; each {@code --- file} is followed by the file's
 *  text, {@code --- faults} by what is expected. A file can be {@code FILE in CHARSET}, {@code FILE N times} (its text
 *  over and over), {@code FILE with NUL for X} or {@code with CR for X}, {@code FILE generated: LINE for N} (that many lines, {@code #1} being the
 *  next line's number, {@code #} this one's, {@code @} a thousand and one letters), or {@code link FILE -> TARGET}. Every {@code ~} is left out, so that no
 *  text here looks like a real secret.
 *
 *  @param topic the file of cases
 *  @param number 1-based within the topic
 *  @param name what is wrong, in words
 *  @param parts header to text, in order
 *  @param faults what is expected, line by line */
record BadConfig(String topic, int number, String name, Map<String, String> parts, List<String> faults) {

    private static final Pattern CASE = Pattern.compile("(?m)^=== ");
    private static final Pattern PART = Pattern.compile("(?m)^--- ");
    private static final Pattern LINK = Pattern.compile("link (\\S+) -> (\\S+)");
    private static final Pattern IN_CHARSET = Pattern.compile("(\\S+) in (\\S+)");
    private static final Pattern TIMES = Pattern.compile("(\\S+) ([0-9]+) times");
    private static final Pattern GENERATED = Pattern.compile("(\\S+) generated: (.*) for ([0-9]+)");
    private static final Pattern WITH_NUL = Pattern.compile("(\\S+) with (NUL|CR) for (.)");

    static Stream<BadConfig> ofTopic(String topic) {
        List<String> texts = CASE.splitAsStream(
                        TestContract.text("refused/" + topic + ".cases").replace("~", ""))
                .filter(text -> !text.isBlank())
                .toList();
        List<BadConfig> cases = new ArrayList<>();
        for (String text : texts) {
            cases.add(read(topic, cases.size() + 1, text));
        }
        return cases.stream();
    }

    private static BadConfig read(String topic, int number, String text) {
        List<String> sections = PART.splitAsStream(text).toList();
        Map<String, String> parts = new LinkedHashMap<>();
        List<String> faults = new ArrayList<>();
        for (String section : sections.subList(1, sections.size())) {
            String header = section.substring(0, section.indexOf('\n'));
            String content = section.substring(section.indexOf('\n') + 1);
            if (header.equals("faults")) {
                content.lines().filter(line -> !line.isBlank()).forEach(faults::add);
            } else {
                parts.put(header, content);
            }
        }
        return new BadConfig(topic, number, sections.get(0).strip(), parts, faults);
    }

    /** Makes the files; returns the folder of the environments. */
    Path writeTo(Path parent) throws IOException {
        Path folder = Files.createDirectories(parent.resolve("environments"));
        for (Map.Entry<String, String> part : parts.entrySet()) {
            write(folder, part.getKey(), part.getValue());
        }
        return folder;
    }

    private static void write(Path folder, String header, String text) throws IOException {
        Matcher link = LINK.matcher(header);
        Matcher charset = IN_CHARSET.matcher(header);
        Matcher times = TIMES.matcher(header);
        Matcher generated = GENERATED.matcher(header);
        Matcher nul = WITH_NUL.matcher(header);
        if (link.matches()) {
            Files.createSymbolicLink(folder.resolve(link.group(1)), Path.of(link.group(2)));
        } else if (charset.matches()) {
            Files.write(folder.resolve(charset.group(1)), text.getBytes(Charset.forName(charset.group(2))));
        } else if (times.matches()) {
            Files.writeString(folder.resolve(times.group(1)), text.repeat(Integer.parseInt(times.group(2))));
        } else if (generated.matches()) {
            String lines = IntStream.rangeClosed(1, Integer.parseInt(generated.group(3)))
                    .mapToObj(number -> generated
                            .group(2)
                            .replace("#1", String.valueOf(number + 1))
                            .replace("#", String.valueOf(number))
                            .replace("@", "x".repeat(1001)))
                    .collect(Collectors.joining("\n"));
            Files.writeString(folder.resolve(generated.group(1)), lines);
        } else if (nul.matches()) {
            Files.writeString(
                    folder.resolve(nul.group(1)),
                    text.replace(nul.group(3), nul.group(2).equals("NUL") ? "\0" : "\r"));
        } else {
            Path file = folder.resolve(header);
            Files.createDirectories(file.getParent());
            Files.write(file, text.getBytes(StandardCharsets.UTF_8));
        }
    }
}

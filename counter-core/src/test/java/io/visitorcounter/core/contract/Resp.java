package io.visitorcounter.core.contract;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The wire's protocol, version 2, a command at a time. */
final class Resp {

    private Resp() {}

    /** {@return the answer: a status, an error with its minus, an integer or a string as it is; the elements of an array
     *  on lines; nothing for nil}
     *
     *  @param socket with no answer under way
     *  @param words the command and its arguments */
    static String ask(Socket socket, String... words) throws IOException {
        StringBuilder text = new StringBuilder("*" + words.length + "\r\n");
        for (String word : words) {
            text.append('$')
                    .append(word.getBytes(StandardCharsets.UTF_8).length)
                    .append("\r\n")
                    .append(word)
                    .append("\r\n");
        }
        OutputStream out = socket.getOutputStream();
        out.write(text.toString().getBytes(StandardCharsets.UTF_8));
        out.flush();
        return answer(new BufferedInputStream(socket.getInputStream()));
    }

    private static String answer(InputStream in) throws IOException {
        int kind = in.read();
        String line = line(in);
        return switch (kind) {
            case '+', ':' -> line;
            case '-' -> "-" + line;
            case '$' -> {
                int length = Integer.parseInt(line);
                if (length < 0) {
                    yield "";
                }
                byte[] text = in.readNBytes(length);
                line(in);
                yield new String(text, StandardCharsets.UTF_8);
            }
            case '*' -> {
                List<String> elements = new ArrayList<>();
                for (int left = Integer.parseInt(line); left > 0; left--) {
                    elements.add(answer(in));
                }
                yield String.join("\n", elements);
            }
            default -> throw new IOException("the connection was closed");
        };
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\r'; c = in.read()) {
            if (c < 0) {
                throw new IOException("the connection was closed");
            }
            line.append((char) c);
        }
        in.read();
        return line.toString();
    }
}

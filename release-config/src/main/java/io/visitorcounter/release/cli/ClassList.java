package io.visitorcounter.release.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/** Prints the classes that common commands load, for the class archive that {@code bin/release} has the JVM create. A
 *  test records the list, and it is kept with the sources, so that the same sources make the same jar. */
final class ClassList {

    private ClassList() {}

    /** Prints them, a line each.
     *
     *  @param arguments none
     *  @throws IOException if they can't be printed */
    public static void main(String[] arguments) throws IOException {
        try (InputStream list = Objects.requireNonNull(ClassList.class.getResourceAsStream("classes.list"))) {
            list.transferTo(System.out);
        }
        if (System.out.checkError()) {
            throw new IOException("the list can't be written");
        }
    }
}

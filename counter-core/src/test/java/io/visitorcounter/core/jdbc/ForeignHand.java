package io.visitorcounter.core.jdbc;

import io.visitorcounter.core.CounterName;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** Changes a counter by the database's own means, past the store. */
final class ForeignHand {

    private ForeignHand() {}

    /** {@return whether the counter was there}
     *
     *  @param url of the database, for JDBC */
    static boolean overwrite(String url, CounterName name, long value) {
        try (Connection connection = DriverManager.getConnection(url);
                PreparedStatement update =
                        connection.prepareStatement("UPDATE counter SET amount = ? WHERE name = ?")) {
            update.setLong(1, value);
            update.setString(2, name.text());
            return update.executeUpdate() == 1;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}

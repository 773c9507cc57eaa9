package io.visitorcounter.core.jdbc;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** A database of one connection, which is made when it is needed. For one thread. */
final class Database {

    private static final List<String> TABLES = List.of(
            "CREATE TABLE IF NOT EXISTS latch(id INT PRIMARY KEY)",
            "INSERT INTO latch SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM latch)",
            "CREATE TABLE IF NOT EXISTS counter(name VARCHAR PRIMARY KEY, amount BIGINT, generation BIGINT, top BIGINT)",
            "CREATE TABLE IF NOT EXISTS visits(name VARCHAR, since BIGINT, amount BIGINT, PRIMARY KEY(name, since))",
            "CREATE TABLE IF NOT EXISTS sent(name VARCHAR, sender VARCHAR, counted BIGINT, total BIGINT,"
                    + " generation BIGINT, kept BIGINT, PRIMARY KEY(name, sender))");

    private final String url;
    private final Properties user;
    private @Nullable Connection connection;

    Database(String url, Properties user) {
        this.url = url;
        this.user = user;
    }

    Connection connect() throws SQLException {
        Connection open = connection;
        if (open == null) {
            open = DriverManager.getConnection(url, user);
            connection = open;
            for (String table : TABLES) {
                run(table);
            }
            open.setAutoCommit(false);
        }
        return open;
    }

    void commit() throws SQLException {
        connect().commit();
    }

    /** Closes the connection, and what was not committed is undone. */
    void disconnect() {
        try (Connection closing = connection) {
            connection = null;
            if (closing != null) {
                closing.rollback();
            }
        } catch (SQLException e) {
            // Then it is closed already, by the other side.
        }
    }

    /** Makes something of a row. */
    interface Mapping<T> {
        T of(ResultSet row) throws SQLException;
    }

    <T> List<T> rows(String sql, Mapping<T> mapping, Object... values) throws SQLException {
        List<T> found = new ArrayList<>();
        try (PreparedStatement statement = prepared(sql, values);
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                found.add(mapping.of(rows));
            }
        }
        return found;
    }

    int run(String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = prepared(sql, values)) {
            return statement.executeUpdate();
        }
    }

    /** Updates a row, or inserts it where there is none. */
    void put(String update, String insert, Object... values) throws SQLException {
        if (run(update, values) == 0) {
            run(insert, values);
        }
    }

    private PreparedStatement prepared(String sql, Object... values) throws SQLException {
        PreparedStatement statement = connect().prepareStatement(sql);
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
        return statement;
    }

    @Override
    public String toString() {
        return url;
    }
}

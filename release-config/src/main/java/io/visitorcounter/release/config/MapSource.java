package io.visitorcounter.release.config;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Config files that are already in memory. */
record MapSource(String name, Map<String, byte[]> files) implements ConfigSource {

    MapSource {
        files = new TreeMap<>(files);
    }

    @Override
    public List<String> names() {
        return files.keySet().stream().filter(path -> !path.contains("/")).toList();
    }

    @Override
    public Optional<byte[]> read(String path) {
        return Optional.ofNullable(files.get(path)).map(byte[]::clone);
    }
}

package io.visitorcounter.release.hocon;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigIncludeContext;
import com.typesafe.config.ConfigIncluder;
import com.typesafe.config.ConfigIncluderClasspath;
import com.typesafe.config.ConfigIncluderFile;
import com.typesafe.config.ConfigIncluderURL;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigResolver;
import com.typesafe.config.ConfigSyntax;
import com.typesafe.config.ConfigValue;
import java.io.File;
import java.net.URL;
import java.util.function.Function;

/** The HOCON library, cut off from the outside: no variables, no properties, no URLs, no class path. */
public final class Hermetic {

    private Hermetic() {}

    /** Options to parse a text without includes. */
    public static ConfigParseOptions parsing(String origin) {
        return parsing(origin, target -> ConfigFactory.empty().root());
    }

    /** Options to parse a text whose included files come from {@code files}. */
    public static ConfigParseOptions parsing(String origin, Function<String, ConfigObject> files) {
        return ConfigParseOptions.defaults()
                .setSyntax(ConfigSyntax.CONF)
                .setOriginDescription(origin)
                .setIncluder(new OnlyFiles(files));
    }

    /** Resolves references within the config; {@code others} gives the values of all other names. */
    public static Config resolve(Config raw, Function<String, ConfigValue> others) {
        return raw.resolve(ConfigResolveOptions.noSystem().appendResolver(new Others(others)));
    }

    private record Others(Function<String, ConfigValue> values) implements ConfigResolver {

        @Override
        public ConfigValue lookup(String path) {
            return values.apply(path);
        }

        @Override
        public ConfigResolver withFallback(ConfigResolver fallback) {
            return this;
        }
    }

    // The library asks for withFallback with its own includer, which reads files, URLs and the class path; it gets this
    // one.
    private record OnlyFiles(Function<String, ConfigObject> files)
            implements ConfigIncluder, ConfigIncluderFile, ConfigIncluderURL, ConfigIncluderClasspath {

        @Override
        public ConfigObject include(ConfigIncludeContext context, String what) {
            return files.apply(what);
        }

        @Override
        public ConfigObject includeFile(ConfigIncludeContext context, File what) {
            return files.apply(what.getPath());
        }

        @Override
        public ConfigObject includeURL(ConfigIncludeContext context, URL what) {
            return ConfigFactory.empty().root();
        }

        @Override
        public ConfigObject includeResources(ConfigIncludeContext context, String what) {
            return ConfigFactory.empty().root();
        }

        @Override
        public ConfigIncluder withFallback(ConfigIncluder fallback) {
            return this;
        }
    }
}

package io.visitorcounter.release.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.image.OneLayerStore;
import java.nio.file.Path;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Layers that mean no good. */
class UnpackedImageTest {

    @TempDir
    Path folder;

    @Test
    void aFileIsUnpackedAndNotUnpackedAgain() throws Exception {
        OneLayerStore store = new OneLayerStore("app/file.txt", TarConstants.LF_NORMAL, "hello");

        Path first = unpack(store);
        Path second = unpack(store);

        assertThat(first.resolve("app/file.txt")).hasContent("hello");
        assertThat(second).isEqualTo(first);
        assertThat(store.opened()).isEqualTo(1);
    }

    @Test
    void nothingLeadsOutOfTheFolder() {
        for (String name : new String[] {"../evil", "app/../../evil", "/../evil", "app/../../../../../../tmp/evil"}) {
            OneLayerStore store = new OneLayerStore(name, TarConstants.LF_NORMAL, "evil");

            assertThatThrownBy(() -> unpack(store))
                    .isInstanceOf(ReleaseException.Unreachable.class)
                    .hasMessageContaining("leads out of the image");
        }
        assertThat(folder.toFile().list()).containsExactly("images");
        assertThat(folder.resolve("images").toFile().list()).isEmpty();
    }

    @Test
    void aLinkIsRefused() {
        for (byte type : new byte[] {TarConstants.LF_SYMLINK, TarConstants.LF_LINK, TarConstants.LF_BLK}) {
            OneLayerStore store = new OneLayerStore("app/link", type, "");

            assertThatThrownBy(() -> unpack(store))
                    .isInstanceOf(ReleaseException.Unreachable.class)
                    .hasMessageContaining("app/link is not a regular file");
        }
    }

    @Test
    void otherBytesThanThoseReleasedAreRefusedAndNothingIsKept() {
        OneLayerStore store = new OneLayerStore("app/file.txt", TarConstants.LF_NORMAL, "hello").answering("other");

        assertThatThrownBy(() -> unpack(store))
                .isInstanceOf(ReleaseException.VerificationFailed.class)
                .hasMessageContaining("not those that were released");
        assertThat(folder.resolve("images").toFile().list()).isEmpty();
    }

    private Path unpack(OneLayerStore store) {
        return UnpackedImage.root(folder.resolve("images"), store, "image", store.image());
    }
}

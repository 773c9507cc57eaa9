package io.visitorcounter.release.run;

import io.visitorcounter.release.ReleaseId;
import io.visitorcounter.release.image.Image;
import io.visitorcounter.release.image.ImageDeclaration;
import io.visitorcounter.release.image.ImageStore;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;

/** A release that is to run.
 *
 *  @param id the release
 *  @param store where its image is
 *  @param name the image's name there
 *  @param image its manifest and config, as recorded
 *  @param declared what the image, or the user, declares
 *  @param settings the bundle's variables with their values
 *  @param needed the variables that must be set at run: secrets
 *  @param grace how long it may take to end */
public record RunnableRelease(
        ReleaseId id,
        ImageStore store,
        String name,
        Image image,
        ImageDeclaration declared,
        Map<String, String> settings,
        Collection<String> needed,
        Duration grace) {}

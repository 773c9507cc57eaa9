package io.visitorcounter.release.action;

import io.visitorcounter.release.Environment;
import io.visitorcounter.release.ReleaseId;
import io.visitorcounter.release.config.Policy;
import io.visitorcounter.release.ledger.Approval;
import io.visitorcounter.release.ledger.Release;
import io.visitorcounter.release.ledger.Snapshot;
import io.visitorcounter.release.trust.AllowedSigner;
import io.visitorcounter.release.trust.AllowedSigners;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Who approved a release. An approval is for one content, and for the next release only: once the environment has
 *  another release, it no longer counts. Its key must be allowed to sign both at the time of the approval and at the
 *  time of the release. Keys that share a principal belong to one person, so two keys of one person count once. The
 *  signer of the release does not count as an approver. */
record Approvals(Snapshot history, AllowedSigners signers, Environment environment) {

    private SignatureCheck check() {
        return new SignatureCheck(history, signers);
    }

    /** What is approved, and when.
     *
     *  @param subject the content
     *  @param after the number of the entry after which an approval counts: the environment's release before
     *  @param before the number of the entry before which it counts: the release itself
     *  @param at the time of the release
     *  @param releaser the principals of its signer, who do not count as approvers */
    private record Question(Approval.Approved subject, long after, long before, Instant at, Set<String> releaser) {}

    /** What was found.
     *
     *  @param counted the approvals that count, oldest first, one for each person
     *  @param others why each of the others does not count, in words */
    record CountedApprovals(List<EntrySignature> counted, List<String> others) {

        /** {@return who approved, such as {@code alice (alice-laptop)}} */
        List<String> names() {
            return counted.stream()
                    .map(each -> each.signer().orElseThrow().label())
                    .toList();
        }
    }

    /** {@return the approvals of a release that is about to be made}
     *
     *  @param rule who may
     *  @param at its time
     *  @param releaser the one who signs it; empty if not known yet */
    CountedApprovals next(
            Policy.ApprovalRule rule, Release.Content content, Instant at, Optional<Signing.Own> releaser) {
        long last = history.last(environment).map(Release::sequence).orElse(0L);
        Set<String> own = new HashSet<>();
        releaser.ifPresent(mine -> signers.of(mine.key().verifying()).forEach(line -> own.addAll(line.principals())));
        return tally(rule.by(), new Question(Approval.Approved.of(content), last, Long.MAX_VALUE, at, own));
    }

    /** {@return the approvals of a release}
     *
     *  @param by who may approve; empty: anyone who may sign
     *  @param release that was made of a build and a config, and is not a rollback */
    CountedApprovals of(List<String> by, Release release) {
        int version = release.id().version();
        long before = version == 1
                ? 0
                : history.find(new ReleaseId(environment, version - 1))
                        .map(Release::sequence)
                        .orElse(0L);
        Set<String> releaser = new HashSet<>();
        check().of(release).forEach(signature -> signature.lines().forEach(line -> releaser.addAll(line.principals())));
        return tally(
                by,
                new Question(
                        Approval.Approved.of(release.content()), before, release.sequence(), release.at(), releaser));
    }

    private CountedApprovals tally(List<String> by, Question question) {
        List<Approval> approvals = new ArrayList<>(history.approvals(environment, question.after()));
        approvals.removeIf(approval -> approval.sequence() > question.before());
        List<EntrySignature> good = new ArrayList<>();
        List<String> others = new ArrayList<>();
        for (int i = approvals.size() - 1; i >= 0; i--) {
            Approval approval = approvals.get(i);
            List<EntrySignature> signatures = check().of(approval);
            if (signatures.isEmpty()) {
                others.add(approval.path() + " is not signed");
            }
            for (EntrySignature signature : signatures) {
                Optional<String> fault = fault(by, signature, approval, question);
                fault.ifPresentOrElse(others::add, () -> good.add(signature));
            }
        }
        return new CountedApprovals(people(good, others), others);
    }

    private static Optional<String> fault(
            List<String> by, EntrySignature signature, Approval approval, Question question) {
        if (!signature.isGood()) {
            return signature.fault().map(fault -> approval.path() + ": " + fault);
        }
        AllowedSigner line = signature.signer().orElseThrow();
        if (!signature.isGoodFor(by)) {
            return Optional.of("the one by " + line.label() + ", who is not an approver");
        }
        if (!approval.subject().equals(question.subject())) {
            return Optional.of("the one by " + line.label() + " is of "
                    + (approval.subject().appImage().equals(question.subject().appImage())
                            ? "bundle " + approval.subject().bundle().shortText()
                            : "app " + approval.subject().appImage().shortText()));
        }
        if (signature.lines().stream()
                .noneMatch(each -> EntrySignature.lets(each, approval)
                        && each.speaksForOneOf(by)
                        && each.isValidAt(question.at()))) {
            return Optional.of(
                    "the one by " + line.label() + ", whose key is not valid any more: " + Signing.span(line));
        }
        return principals(signature).stream().anyMatch(question.releaser()::contains)
                ? Optional.of("the one by " + line.label() + ", who releases it")
                : Optional.empty();
    }

    private static Set<String> principals(EntrySignature signature) {
        Set<String> principals = new HashSet<>();
        signature.lines().forEach(line -> principals.addAll(line.principals()));
        return principals;
    }

    /** One for each person. Two keys also belong to one person if a third key links them. */
    private static List<EntrySignature> people(List<EntrySignature> good, List<String> others) {
        List<Set<String>> people = new ArrayList<>();
        for (EntrySignature signature : good) {
            Set<String> merged = principals(signature);
            people.removeIf(person -> {
                boolean same = person.stream().anyMatch(merged::contains);
                if (same) {
                    merged.addAll(person);
                }
                return same;
            });
            people.add(merged);
        }
        List<EntrySignature> counted = new ArrayList<>();
        for (EntrySignature signature : good) {
            Set<String> own = principals(signature);
            if (people.removeIf(person -> person.containsAll(own))) {
                counted.add(signature);
            } else {
                others.add("the one by " + signature.signer().orElseThrow().label() + ", who has said so already");
            }
        }
        return counted;
    }
}

package dev.millrace.api.proof;

import dev.millrace.api.json.Answer;

import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** How live numbers compare with the audit's records. */
@RestController
public final class ProofController {
    private final ProofLog proofs;

    /** A controller that answers from a log. */
    public ProofController(ProofLog proofs) {
        this.proofs = proofs;
    }

    /** The last comparisons, and their numbers since the start. */
    @GetMapping("/api/v1/proof")
    public ResponseEntity<byte[]> proof() {
        return Answer.live(ProofShape.of(proofs.report()));
    }
}

package dev.millrace.producer.generate;

import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.plan.StreamPlan;
import dev.millrace.producer.ProducerMeters;
import dev.millrace.producer.send.Encodings;
import dev.millrace.producer.send.EventSender;
import dev.millrace.producer.send.TopicWait;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** Runs a generator, each on a thread of its own, for every source stream that declares one. */
public final class Generators implements SmartLifecycle {
    private static final Logger log = LoggerFactory.getLogger(Generators.class);
    private static final Duration STOP = Duration.ofSeconds(8);

    private final List<StreamPlan> streams;
    private final GeneratorSwitch setting;
    private final EventSender sender;
    private final TopicWait topics;
    private final Encodings encodings;
    private final ProducerMeters meters;
    private final List<Thread> threads = new ArrayList<>();

    /** The generators of a plan; none where they are switched off. */
    public Generators(
            Plan plan,
            GeneratorSwitch setting,
            EventSender sender,
            TopicWait topics,
            Encodings encodings,
            ProducerMeters meters) {
        this.streams =
                plan.sources().stream().filter(stream -> stream.generator() != null).toList();
        this.setting = setting;
        this.sender = sender;
        this.topics = topics;
        this.encodings = encodings;
        this.meters = meters;
    }

    @Override
    public synchronized void start() {
        if (!setting.enabled() || !threads.isEmpty()) {
            return;
        }
        for (StreamPlan stream : streams) {
            var generator =
                    new StreamGenerator(
                            stream,
                            setting.rate(),
                            sender,
                            encodings.of(stream),
                            topics,
                            meters,
                            InstantSource.system());
            threads.add(
                    Thread.ofPlatform()
                            .daemon()
                            .name("generator-" + stream.name())
                            .start(generator));
            log.info("Synthetic events flow into {}", stream.topic().name());
        }
    }

    @Override
    public synchronized void stop() {
        threads.forEach(Thread::interrupt);
        try {
            for (Thread thread : threads) {
                if (!thread.join(STOP)) {
                    log.warn("{} did not stop within {} s", thread.getName(), STOP.toSeconds());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        threads.clear();
    }

    @Override
    public synchronized boolean isRunning() {
        return !threads.isEmpty();
    }
}

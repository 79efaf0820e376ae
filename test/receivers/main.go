// Runs the OpenTelemetry Collector's own OTLP receiver, and Prometheus's own parser of metrics, so that tests
// know what these make of what the gateway sends.
//
//	receiver collect ADDRESS   prints each batch that it accepts at ADDRESS as a line of JSON
//	receiver parse             reads a scrape from the standard input, and prints its samples
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/signal"

	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/receiver/otlpreceiver"
	"go.opentelemetry.io/collector/receiver/receivertest"
)

func main() {
	var err error
	switch {
	case len(os.Args) == 3 && os.Args[1] == "collect":
		err = collect(os.Args[2])
	case len(os.Args) == 2 && os.Args[1] == "parse":
		err = parse()
	default:
		err = fmt.Errorf("usage: receiver collect ADDRESS | receiver parse")
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func collect(address string) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	factory := otlpreceiver.NewFactory()
	config := factory.CreateDefaultConfig()
	endpoint := map[string]any{"endpoint": address}
	conf := confmap.NewFromStringMap(map[string]any{"protocols": map[string]any{"http": endpoint}})
	if err := conf.Unmarshal(config); err != nil {
		return err
	}
	settings := receivertest.NewNopSettings(factory.Type())
	traces, err := consumer.NewTraces(func(_ context.Context, batch ptrace.Traces) error {
		return write((&ptrace.JSONMarshaler{}).MarshalTraces(batch))
	})
	if err != nil {
		return err
	}
	metrics, err := consumer.NewMetrics(func(_ context.Context, batch pmetric.Metrics) error {
		return write((&pmetric.JSONMarshaler{}).MarshalMetrics(batch))
	})
	if err != nil {
		return err
	}
	logs, err := consumer.NewLogs(func(_ context.Context, batch plog.Logs) error {
		return write((&plog.JSONMarshaler{}).MarshalLogs(batch))
	})
	if err != nil {
		return err
	}
	host := componenttest.NewNopHost()
	// The receiver of all signals is one component, which is started once.
	receiver, err := factory.CreateTraces(ctx, settings, config, traces)
	if err != nil {
		return err
	}
	if _, err := factory.CreateMetrics(ctx, settings, config, metrics); err != nil {
		return err
	}
	if _, err := factory.CreateLogs(ctx, settings, config, logs); err != nil {
		return err
	}
	if err := receiver.Start(ctx, host); err != nil {
		return err
	}
	fmt.Println("ready")
	<-ctx.Done()
	return receiver.Shutdown(context.Background())
}

func write(line []byte, err error) error {
	if err == nil {
		_, err = fmt.Printf("%s\n", line)
	}
	return err
}

func parse() error {
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(os.Stdin)
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(families)
}

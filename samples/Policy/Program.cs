using Acceleration;
using Acceleration.Policy;

PolicyOptions options;
try
{
    options = PolicyOptions.Parse(args);
}
catch (FormatException e)
{
    Console.Error.WriteLine($"{e.Message}\n\n{PolicyOptions.Usage}");
    return 2;
}

if (options.Help)
{
    Console.WriteLine(PolicyOptions.Usage);
    return 0;
}

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) =>
{
    e.Cancel = true;
    stop.Cancel();
};

// Before the first operator, and everything on this one thread: a second computing thread would bring a second pool of workers.
Runtime.Tune();
var weights = Path.Combine(AppContext.BaseDirectory, "weights", "reach-policy.safetensors");
try
{
    if (options.Demonstrations is { } path)
    {
        var count = options.Count ?? Demonstrations.Usual;
        var (steps, failed) = Demonstrations.Write(path, count);
        Console.WriteLine($"{count} demonstrations with {steps} steps; {failed} that failed were left out.");
        return 0;
    }

    if (options.Observations is { } file)
    {
        var count = options.Count ?? ObservationFile.Usual;
        ObservationFile.Write(file, weights, count, stop.Token);
        Console.WriteLine($"{count} observations.");
        return 0;
    }

    PolicyRun.Run(options, weights, stop.Token);
    return 0;
}
catch (OperationCanceledException)
{
    Console.Error.WriteLine("Stopped; no page was written.");
    return 130;
}

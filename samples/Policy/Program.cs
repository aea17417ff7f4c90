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
try
{
    if (options.Demonstrations is { } path)
    {
        var (steps, failed) = Demonstrations.Write(path, options.Count);
        Console.WriteLine($"{options.Count} demonstrations with {steps} steps; {failed} that failed were left out.");
        return 0;
    }

    PolicyRun.Run(options, Path.Combine(AppContext.BaseDirectory, "weights", "reach-policy.safetensors"), stop.Token);
    return 0;
}
catch (OperationCanceledException)
{
    Console.Error.WriteLine("Stopped; no page was written.");
    return 130;
}

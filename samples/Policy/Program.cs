using Acceleration.Policy;
using Acceleration.Samples;

return SampleProgram.Run(args, PolicyOptions.Parse, PolicyOptions.Usage, "page", Run);

static int Run(PolicyOptions options, CancellationToken stop)
{
    var weights = Path.Combine(AppContext.BaseDirectory, "weights", "reach-policy.safetensors");
    if (options.Demonstrations is { } path)
    {
        var count = options.Count ?? Demonstrations.Usual;
        var (steps, failed) = Demonstrations.Write(path, count);
        Console.WriteLine($"{count} demonstrations with {steps} steps; {failed} that failed were left out.");
    }
    else if (options.Observations is { } file)
    {
        var count = options.Count ?? ObservationFile.Usual;
        ObservationFile.Write(file, weights, count, stop);
        Console.WriteLine($"{count} observations.");
    }
    else
    {
        PolicyRun.Run(options, weights, stop);
    }

    return 0;
}

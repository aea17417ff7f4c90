using Acceleration.Tool;

return AccelerationCommand.Run(args, Console.Out, Console.Error);

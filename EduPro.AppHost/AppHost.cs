Console.WriteLine("The stack has no parts yet.");
